"""Interleaved rounds of CPU time in this process."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Result:
    """Median CPU in microseconds of the product and of its limit."""

    case: str
    product: float
    limit: float

    @property
    def ratio(self) -> float:
        return self.product / self.limit


def measure(case: str, product: Work, limit: Work, *, rounds: int, times: int) -> Result:
    """Run both `times` times in each of `rounds` rounds, after one round to warm up."""
    products, limits = [], []
    for number in range(rounds + 1):
        spent = _cpu(limit, times), _cpu(product, times)
        if number:
            limits.append(spent[0])
            products.append(spent[1])
    return Result(case, statistics.median(products), statistics.median(limits))


def _cpu(work: Work, times: int) -> float:
    start = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - start) / times * 1e6
