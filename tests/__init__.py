import os

# Before numpy is imported, which reads it once: a test has one core, on which threads of BLAS only wait for
# one another. Small fits take three times the processor time otherwise.
os.environ.setdefault("OMP_NUM_THREADS", "1")
