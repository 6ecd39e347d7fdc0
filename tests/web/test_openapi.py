#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""test_openapi.py API_FIXTURE - the document and the table of routes say
the same, and the document is a valid one."""

import pathlib
import re
import sys
import unittest

import jsonschema
from openapi_doc import NAME, Document, each, is_schema, routes

FIXTURE = sys.argv[1]
ROOT = pathlib.Path(__file__).parents[2]


def skeleton(route):
    """The lines of a new operation."""
    lines = [f"  {route['path']}:", f"    {route['method'].lower()}:",
             "      tags: [...]", "      summary: What it does",
             f"      x-scope: {route['scope']}"]
    if route["proof"]:
        lines.append("      x-proof: true")
    if route["query"]:
        lines.append("      parameters:")
        lines += [f"        {parameter(name)}" for name in route["query"]]
    if route["has_body"]:
        lines += ["      requestBody:", "        required: true",
                  "        content:", "          application/json:",
                  "            schema:", "              type: object",
                  "              properties:"]
        lines += [f"                {name}: {{type: string}}"
                  for name in route["body"]]
    lines += ["      responses:", "        '200':",
              "          description: What it is", "          content: "
              "{application/json: {schema: "
              "{$ref: '#/components/schemas/...'}}}"]
    return "\n".join(lines)


def parameter(name):
    return f"- {{name: {name}, in: query, schema: {{type: string}}}}"


def templates(path):
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


class Drift(unittest.TestCase):
    """The table and the document, in both directions."""

    @classmethod
    def setUpClass(cls):
        cls.document = Document(FIXTURE)
        cls.routes = routes(FIXTURE)

    def check(self, complaints):
        if complaints:
            self.fail("\n\n" + "\n\n".join(complaints))

    def pairs(self):
        for route in self.routes:
            found = self.document.operation(route["method"], route["path"])
            if found:
                yield route, *found

    def at(self, route, *more):
        return self.document.at(
            "paths", route["path"], route["method"].lower(), *more) + \
            f": {route['method']} {route['path']}"

    def test_every_route_is_described(self):
        told = set(self.document.operations())
        self.check([
            f"{NAME}: no {r['method']} {r['path']}; add under \"paths:\", "
            f"in the order of route.c:\n\n{skeleton(r)}"
            for r in self.routes if (r["method"], r["path"]) not in told])

    def test_every_operation_is_a_route(self):
        known = {(r["method"], r["path"]) for r in self.routes}
        self.check([
            f"{self.document.at('paths', path, method.lower())}: "
            f"{method} {path} is no route; take it out"
            for method, path in self.document.operations()
            if (method, path) not in known])

    def test_scope_and_proof(self):
        wrong = []
        for route, operation, _ in self.pairs():
            if operation["x-scope"] != route["scope"]:
                wrong.append(f"{self.at(route, 'x-scope')}: "
                             f"write \"x-scope: {route['scope']}\"")
            if operation.get("x-proof", False) != route["proof"]:
                word = str(route["proof"]).lower()
                wrong.append(f"{self.at(route, 'x-proof')}: "
                             f"write \"x-proof: {word}\"")
        self.check(wrong)

    def test_query(self):
        wrong = []
        for route, _, parameters in self.pairs():
            told = {p["name"] for p in parameters if p["in"] == "query"}
            at = self.at(route, "parameters")
            wrong += [f"{at}: add under \"parameters:\"\n        "
                      + parameter(n) for n in route["query"] if n not in told]
            wrong += [f"{at}: takes no parameter {n}; take it out"
                      for n in told - set(route["query"])]
            names = {p["name"] for p in parameters if p["in"] == "path"}
            if names != set(templates(route["path"])):
                wrong.append(f"{at}: declare {templates(route['path'])} "
                             f"as \"in: path\"")
        self.check(wrong)

    def test_body(self):
        wrong = []
        for route, operation, _ in self.pairs():
            body = operation.get("requestBody", {}).get("content", {})
            schema = body.get("application/json", {}).get("schema", {})
            told = set(self.document.resolve(schema).get("properties", {}))
            at = self.at(route, "requestBody", "content",
                         "application/json", "schema", "properties")
            if route["body"] == ["*"]:
                if "additionalProperties" not in schema:
                    wrong.append(f"{at}: any member: additionalProperties")
                continue
            if route["body"] == ["@"]:
                if schema:
                    wrong.append(f"{at}: the body is not JSON")
                continue
            wrong += [f"{at}: add below \"properties:\"\n"
                      f"                {n}: {{type: string}}"
                      for n in route["body"] if n not in told]
            wrong += [f"{at}: takes no member {n}; take it out"
                      for n in told - set(route["body"])]
            if route["has_body"] != bool(body) and route["body"]:
                wrong.append(f"{at}: the route has "
                             f"{'a' if route['has_body'] else 'no'} body")
        self.check(wrong)


    def test_codes_of_problems(self):
        text = (ROOT / "src/web/ask.c").read_text(encoding="utf-8")
        codes = re.findall(r'{ [45]\d\d, "([a-z-]+)"', text)
        place = ("components", "schemas", "Problem", "properties", "code",
                 "enum")
        told = self.document.doc
        for key in place:
            told = told[key]
        self.check([f"{self.document.at(*place)}: add {code}"
                    for code in codes if code not in told] +
                   [f"{self.document.at(*place)}: no problem is {code}"
                    for code in told if code not in codes])
        self.assertGreater(len(codes), 20)


class Valid(unittest.TestCase):
    """What the specification of OpenAPI asks for, as far as we use it."""

    @classmethod
    def setUpClass(cls):
        cls.document = Document(FIXTURE)
        cls.doc = cls.document.doc

    def test_top(self):
        self.assertEqual(self.doc["openapi"], "3.1.0")
        self.assertLessEqual({"title", "version"}, set(self.doc["info"]))
        self.assertLessEqual(
            set(self.doc),
            {"openapi", "info", "servers", "tags", "paths", "components"})

    def test_references_lead_somewhere_and_nothing_is_left_over(self):
        used = set()
        for path, node in each(self.doc):
            if "$ref" in node:
                with self.subTest(path=path):
                    self.document.resolve(node)
                used.add(node["$ref"])
        for group in ("schemas", "parameters", "responses"):
            for name in self.doc["components"][group]:
                self.assertIn(f"#/components/{group}/{name}", used,
                              "it is used nowhere: take it out")

    def test_operations_are_whole(self):
        tags = [tag["name"] for tag in self.doc["tags"]]
        schemes = self.doc["components"]["securitySchemes"]
        seen, used = set(), set()
        for method, path in self.document.operations():
            with self.subTest(route=f"{method} {path}"):
                operation, parameters = self.document.operation(method, path)
                self.assertTrue(operation["summary"])
                self.assertEqual(len(operation["tags"]), 1)
                self.assertIn(operation["tags"][0], tags)
                used.update(operation["tags"])
                self.assertNotIn(operation["operationId"], seen)
                seen.add(operation["operationId"])
                for way in operation["security"]:
                    self.assertLessEqual(set(way), set(schemes))
                for answer in operation["responses"].values():
                    self.assertIn("description",
                                  self.document.resolve(answer))
                for p in parameters:
                    self.assertLessEqual({"name", "in", "schema"}, set(p))
                    self.assertTrue(p["in"] != "path" or p["required"])
                names = [(p["in"], p["name"]) for p in parameters]
                self.assertEqual(len(names), len(set(names)))
        self.assertEqual(used, set(tags))

    def test_schemas_are_schemas(self):
        check = jsonschema.Draft202012Validator.check_schema
        for path, node in each(self.doc):
            with self.subTest(path=path):
                if path[-1:] == ("schema",) or \
                        path[:-1] == ("components", "schemas"):
                    check(node)
                if is_schema(node) and "required" in node:
                    self.assertLessEqual(set(node["required"]),
                                         set(node["properties"]))

    def test_examples_are_examples(self):
        wrong = []
        for path, node in each(self.document.closed):
            where = "/".join(map(str, path))
            if "properties" in path[-1:]:
                continue
            if "example" in node and "schema" in node:
                wrong += self.document.complain(
                    node["schema"], node["example"], where)
            for example in node.get("examples", ()):
                wrong += self.document.complain(node, example, where)
        self.assertEqual(wrong, [])

    def test_writes_by_cookie_show_the_csrf_token(self):
        for method, path in self.document.operations():
            operation, _ = self.document.operation(method, path)
            for way in operation["security"]:
                self.assertEqual("csrf" in way, "cookie" in way and
                                 method != "GET", (method, path))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
