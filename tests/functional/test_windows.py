"""What visitors are lent: windows that hold nothing of whoever was there before."""

SIZE = {"width": 1280, "height": 800}
LEAVE = "() => { localStorage.kept = 'x'; sessionStorage.kept = 'x'; document.cookie = 'kept=x'; }"
LEFT = """() => [localStorage.kept, sessionStorage.kept, document.cookie.includes("kept"), matchMedia("print").matches,
  matchMedia("(forced-colors: active)").matches, matchMedia("(prefers-color-scheme: dark)").matches]"""


def test_a_window_lent_again_is_empty(windows, site):
    first = windows.lend(width=320, height=400, scripts=True)
    first.page.goto(f"{site}/help/")
    first.page.evaluate(LEAVE)
    first.page.emulate_media(media="print", forced_colors="active", color_scheme="dark")
    assert first.page.evaluate(LEFT) == ["x", "x", True, True, True, True]
    windows.take_back(first)
    second = windows.lend(**SIZE, scripts=True)
    assert second is first and second.page.viewport_size == SIZE
    second.page.goto(f"{site}/help/")
    assert second.page.evaluate(LEFT) == [None, None, False, False, False, False]
    windows.take_back(second)


def test_who_is_in_a_window_shares_it_with_nobody(windows):
    one, other, silent = (windows.lend(**SIZE, scripts=scripts) for scripts in (True, True, False))
    assert len({each.page.context for each in (one, other, silent)}) == 3
    windows.take_back(one)
    without_scripts = windows.lend(**SIZE, scripts=False)
    assert without_scripts is not one
    for each in (other, silent, without_scripts):
        windows.take_back(each)


def test_one_s_own_window_and_a_broken_one_are_not_lent_again(windows):
    for options, broken in (({"alone": True}, False), ({"bypass_csp": True}, False), ({}, True)):
        window = windows.lend(**SIZE, scripts=True, **options)
        windows.take_back(window, broken=broken)
        assert window.page.is_closed()
