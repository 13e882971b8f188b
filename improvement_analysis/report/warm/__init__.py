"""Kernels that are ready in milliseconds: forked from a process that has already imported what pages need.

Where a fork is not to be had, a plain kernel gives the same pages. ``IMPROVEMENT_ANALYSIS_FORK=0`` switches
the forking off.
"""
