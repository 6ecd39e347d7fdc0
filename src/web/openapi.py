#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""openapi.py YAML OUTPUT - the API's document as C

Adds to each operation what follows from its method and x-scope, and writes
the whole as JSON into an array of C."""

import json
import sys

import yaml  # Debian: python3-yaml

METHODS = ("get", "post", "put", "patch", "delete")


def answer(name):
    return {"$ref": "#/components/responses/" + name}


def complete(method, path, operation):
    scope = operation["x-scope"]
    answers = operation["responses"]
    words = path.translate(str.maketrans("/-.", "___", "{}"))
    session = {"cookie": []} if method == "get" else \
        {"cookie": [], "csrf": []}

    operation["operationId"] = method + words
    operation["security"] = {
        "none": [], "session": [session]}.get(scope, [session, {"bearer": []}])
    if scope != "none":
        answers.setdefault("401", answer("Unauthenticated"))
        answers.setdefault("403", answer("Forbidden"))
    answers.setdefault("default", answer("Problem"))


def document(text):
    whole = yaml.safe_load(text)
    for path, item in whole["paths"].items():
        for method in METHODS:
            if method in item:
                complete(method, path, item[method])
    return whole


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        text = json.dumps(document(f.read()), ensure_ascii=False,
                          separators=(",", ":")).encode()
    with open(sys.argv[2], "w", encoding="ascii") as f:
        f.write('#include "web/openapi.h"\n\n')
        f.write(f"const size_t openapi_n = {len(text)};\n")
        f.write("const unsigned char openapi_json[] = {\n")
        for i in range(0, len(text), 16):
            f.write(",".join(map(str, text[i:i + 16])) + ",\n")
        f.write("};\n")


if __name__ == "__main__":
    main()
