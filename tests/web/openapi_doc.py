# SPDX-License-Identifier: ISC
"""The API's document: what it says about a route, and whether an answer is
what it says.  Complaints name the line of openapi.yaml and what to write
there."""

import json
import pathlib
import re
import subprocess

import jsonschema
import yaml

FILE = pathlib.Path(__file__).parents[2] / "src/web/openapi.yaml"
NAME = "src/web/openapi.yaml"
METHODS = ("get", "post", "put", "patch", "delete")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")

formats = jsonschema.FormatChecker(())


@formats.checks("date-time")
def is_time(value):
    return not isinstance(value, str) or bool(TIME.match(value))


def routes(fixture):
    text = subprocess.run([fixture, "routes"], check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    return [json.loads(line) for line in text.splitlines()]


def guess(value):
    """A schema that fits a value, to begin with."""
    for kind, name in ((bool, "boolean"), (int, "integer"),
                       (float, "number"), (list, "array"), (dict, "object")):
        if isinstance(value, kind):
            return f"{{type: {name}}}"
    if value is None:
        return "{type: [string, 'null']}"
    if TIME.match(value):
        return "{$ref: '#/components/schemas/Time'}"
    return "{type: string}"


def each(node, path=()):
    """Every object of a document, with the keys that lead to it."""
    if isinstance(node, dict):
        yield path, node
    pairs = node.items() if isinstance(node, dict) else \
        enumerate(node) if isinstance(node, list) else ()
    for key, value in pairs:
        yield from each(value, (*path, key))


def is_schema(node):
    return isinstance(node.get("properties"), dict)


class Document:
    def __init__(self, fixture):
        text = subprocess.run([fixture, "openapi"], check=True,
                              stdout=subprocess.PIPE).stdout
        self.doc = json.loads(text)
        self.source = yaml.compose(FILE.read_text(encoding="utf-8"))
        # As clients read it members may be added; as we read it, none.
        self.closed = json.loads(text)
        self.places = {}
        for path, node in each(self.closed):
            self.places[id(node)] = path
            if is_schema(node):
                node.setdefault("additionalProperties", False)

    def at(self, *path):
        """"FILE:LINE" of the deepest of these keys that is written."""
        node, line = self.source, 1
        for key in path:
            if isinstance(node, yaml.MappingNode):
                pair = [(k, v) for k, v in node.value if k.value == str(key)]
                if not pair:
                    break
                line, node = pair[0][0].start_mark.line + 1, pair[0][1]
            elif isinstance(node, yaml.SequenceNode):
                node = node.value[key]
                line = node.start_mark.line + 1
        return f"{NAME}:{line}"

    def resolve(self, node):
        while "$ref" in node:
            found = self.closed
            for key in node["$ref"].removeprefix("#/").split("/"):
                found = found[key]
            node = found
        return node

    def operation(self, method, path):
        """Of a route: the operation and its parameters, or None."""
        item = self.closed["paths"].get(path, {})
        found = item.get(method.lower())
        if not found:
            return None
        parameters = [self.resolve(p) for p in
                      item.get("parameters", []) + found.get("parameters", [])]
        return found, parameters

    def operations(self):
        return [(method.upper(), path)
                for path, item in self.closed["paths"].items()
                for method in METHODS if method in item]

    # Values against schemas.

    def complain(self, schema, value, where):
        whole = {**schema, "components": self.closed["components"]}
        check = jsonschema.Draft202012Validator(whole, format_checker=formats)
        for error in sorted(check.iter_errors(value), key=str):
            place = self.places.get(id(error.schema), ())
            spot = "/".join(map(str, error.absolute_path))
            said = f"{where}: {spot or 'the whole'}: "
            if error.validator == "additionalProperties":
                for name in set(error.instance) - \
                        set(error.schema.get("properties", ())):
                    yield (f"{said}has the member {name!r}, which the "
                           f"document doesn't know; "
                           f"{self.at(*place, 'properties')}: add below\n"
                           f"    {name}: {guess(error.instance[name])}")
            else:
                yield said + f"{error.message} ({self.at(*place)})"

    def answer(self, method, path, status, head, body):
        """What is wrong with an answer: a list of complaints."""
        found = self.operation(method, path)
        where = f"{method} {path} {status}"
        if not found:
            return [f"{NAME}: no {where}"]
        answers = found[0]["responses"]
        answer = self.resolve(answers.get(str(status), answers["default"]))
        if status < 300 and str(status) not in answers:
            return [f"{where}: {self.at('paths', path, method.lower(), 'responses')}: "
                    f"add '{status}'"]
        kind = (head or "").split(";")[0]
        content = answer.get("content", {})
        if not content:
            return [f"{where}: has a body"] if body else []
        if kind not in content:
            return [f"{where}: is {kind or 'nothing'}; the document says "
                    f"{', '.join(content)}"]
        if not kind.endswith("json"):
            return []
        return list(self.complain(content[kind]["schema"],
                                  json.loads(body), where))
