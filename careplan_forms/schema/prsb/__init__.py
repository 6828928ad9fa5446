"""Record standards published as datasets of concepts (PRSB, ART-DECOR). Start at `dataset.read_dataset`."""
