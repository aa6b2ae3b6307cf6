"""The wire: what comes in becomes values, what goes out is chosen by hand."""
