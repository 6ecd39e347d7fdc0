#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""GET /metrics, read by a strict parser of the text format 0.0.4.

    metrics_test.py API_FIXTURE
"""

import re
import shutil
import subprocess
import sys
import unittest

from fixture import PASSWORD, Fixture

PROGRAM = sys.argv[1]
NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
SAMPLE = re.compile(
    rf"({NAME})(?:\{{((?:[a-z_]+=\"(?:[^\"\\\n]|\\[\\n\"])*\",?)*)\}})? "
    r"(-?\d+(?:\.\d+)?)")
LABEL = re.compile(r"([a-z_]+)=\"((?:[^\"\\\n]|\\[\\n\"])*)\"")


def parse(text):
    """{name: (type, {labels: value})}; what isn't as it must be raises."""
    families, name = {}, None
    assert text.endswith("\n"), "the last line has no end"
    for line in text[:-1].split("\n"):
        if line.startswith("# HELP "):
            _, _, name, words = line.split(" ", 3)
            assert name not in families, f"{name} comes twice"
            assert words.endswith("."), f"{name}: help is no sentence"
            families[name] = [None, {}]
        elif line.startswith("# TYPE "):
            _, _, typed, kind = line.split(" ")
            assert typed == name and families[name][0] is None
            assert kind in ("counter", "gauge"), kind
            families[name][0] = kind
        else:
            match = SAMPLE.fullmatch(line)
            assert match, f"no sample: {line!r}"
            sample, labels, value = match.groups()
            assert sample == name, f"{sample} stands under {name}"
            assert families[name][0], f"{name} has no type"
            key = tuple(LABEL.findall(labels or ""))
            assert len(dict(key)) == len(key), f"a label twice: {line}"
            assert key not in families[name][1], f"twice: {line}"
            families[name][1][key] = float(value)
    return families


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.fixture = Fixture(PROGRAM)
        cls.addClassCleanup(cls.fixture.end)

    def get(self, **named):
        status, raw, r = self.fixture.ask("GET", "/metrics", **named)
        self.assertEqual(status, 200)
        self.assertEqual(r.getheader("Content-Type"),
                         "text/plain; version=0.0.4; charset=utf-8")
        return raw.decode()

    def value(self, name, **labels):
        return parse(self.get())[name][1][tuple(labels.items())]

    def test_names_have_units_and_types(self):
        for name, (kind, samples) in parse(self.get()).items():
            with self.subTest(name=name):
                self.assertTrue(name.startswith("brattice_"))
                self.assertEqual(kind == "counter", name.endswith("_total"))
                if not name.startswith(("brattice_source_", "brattice_ch",
                                        "brattice_refu")):
                    self.assertTrue(samples, "it has no sample")

    def test_counts_what_happens(self):
        def spam():
            return self.value("brattice_events_total", kind="spam")

        before = spam()
        for _ in range(3):
            self.fixture.api("POST", "/events", {
                "address": "203.0.113.7", "kind": "spam"})
        self.assertEqual(spam(), before + 3)
        self.fixture.api("POST", "/events", {
            "address": "203.0.113.8", "kind": "virus", "count": 5})
        self.assertEqual(self.value(
            "brattice_blocks_total", origin="automatic", component="smtp"), 1)
        row = self.fixture.api("POST", "/blocks", {
            "address": "192.0.2.1", "duration": 600})
        self.assertEqual(self.value(
            "brattice_blocks_total", origin="manual", component="none"), 1)
        self.assertEqual(self.value("brattice_blocks"), 2)
        self.assertTrue(row)
        self.fixture.api("DELETE", "/blocks?address=192.0.2.1")
        self.assertEqual(
            self.value("brattice_blocks_ended_total", why="removed"), 1)
        self.assertEqual(self.value("brattice_blocks"), 1)
        self.assertGreater(self.value(
            "brattice_store_size_bytes", file="events.db"), 4096)
        self.assertEqual(self.value(
            "brattice_build_info", version="0.0.0", pages=dict(next(iter(
                parse(self.get())["brattice_build_info"][1])))["pages"]), 1)

    def test_who_may_read(self):
        status, answer, _ = self.fixture.ask("GET", "/metrics", unix=False)
        self.assertEqual((status, answer["code"]),
                         (401, "unauthenticated"))
        self.fixture.api("POST", "/users", {
            "name": "ann", "role": "viewer", "password": PASSWORD})
        token = self.fixture.api("POST", "/tokens", {
            "name": "prometheus", "user": "ann", "scopes": ["read"]})
        text = self.get(unix=False, head={
            "Authorization": "Bearer " + token["token"]})
        self.assertTrue(parse(text))
        status, _, _ = self.fixture.ask("GET", "/api/v1/metrics")
        self.assertEqual(status, 200)

    def test_promtool_agrees(self):
        promtool = shutil.which("promtool")
        if not promtool:
            self.skipTest("promtool isn't there")
        p = subprocess.run([promtool, "check", "metrics"], input=self.get(),
                           capture_output=True, text=True, check=False)
        self.assertEqual((p.returncode, p.stderr), (0, ""))

    def test_every_figure_is_in_the_manual(self):
        with open(sys.argv[2], encoding="utf-8") as f:
            told = set(re.findall(r"^\| `(brattice_\w+)", f.read(), re.M))
        self.assertEqual(told, set(parse(self.get())))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
