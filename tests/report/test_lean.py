"""A run's process imports what it needs, and finds the rest when somebody asks for it."""

import json
import subprocess
import sys

SELDOM = ("jsonschema.validators", "jsonschema._format", "requests.api", "soupsieve.css_parser", "urllib3")
CODE = f"""
import json, sys
from improvement_analysis.report.lean import import_lean
import_lean()
import_lean()
import papermill, improvement_analysis.report.runner
early = [name for name in {SELDOM!r} if name in sys.modules]
import nbformat, requests
from bs4 import BeautifulSoup
from nbformat.json_compat import JsonSchemaValidator
try:
    nbformat.validate({{"nbformat": 4, "nbformat_minor": 5, "metadata": {{}}, "cells": [{{}}]}})
    told = ""
except nbformat.ValidationError as fault:
    told = str(fault)
try:
    JsonSchemaValidator({{"type": "string"}}).validate(1)
    checked = ""
except nbformat.ValidationError as fault:
    checked = fault.message
picked = BeautifulSoup("<p class=a>x</p>", "html.parser").select("p.a")[0].text
print(json.dumps([early, told, checked, requests.Session().verify, requests.get.__module__, picked]))
"""


def test_packages_seldom_asked_are_loaded_when_they_are_asked():
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, timeout=600, check=True
    )
    early, told, checked, verify, module, picked = json.loads(done.stdout)
    assert early == []
    assert "is not valid under any of the given schemas" in told or "must be valid" in told
    assert checked == "1 is not of type 'string'"
    assert (verify, module, picked) == (True, "requests.api", "x")
