# The two commands that do all on a fresh Debian 12:
#
#   make run     install what is missing, build, play the vendor's example
#   make check   install what is missing, run every test
#
# The rest is for developers: make, make check-fast, make bench, make fuzz,
# make screenshots (every page in every look, into build/screenshots),
# make install (DESTDIR=, prefix=), make deb, make format.

prefix ?= /usr
B := build

all: $(B)/build.ninja
	@ninja -C $(B)

$(B)/build.ninja: tools/deps
	@tools/deps build
	@meson setup $(B) --prefix $(prefix) >/dev/null

run:
	@tools/deps run
	@$(MAKE) --no-print-directory all
	@tools/demo

check: with-tests
	@tools/check all

check-fast: with-tests
	@tools/check fast

check-package: with-tests
	@tools/check package

# A tree that was set up by `make` alone may have been without cmocka, and
# so without its tests.
with-tests:
	@tools/deps check
	@$(MAKE) --no-print-directory $(B)/build.ninja
	@meson setup --reconfigure $(B) -Dtests=enabled >/dev/null
	@$(MAKE) --no-print-directory all

bench:
	@tools/deps check
	@tools/bench

screenshots: all
	@tools/deps check
	@tools/screenshots $(WORDS)

fuzz:
	@tools/deps check
	@tools/fuzz $(or $(SECONDS_EACH),600)

install: all
	@meson install -C $(B) --no-rebuild $(if $(DESTDIR),--destdir $(DESTDIR))

deb:
	@tools/deps deb
	@tools/deb

format:
	@git ls-files '*.c' '*.h' | xargs clang-format -i

clean:
	@rm -rf $(B) build-*

.PHONY: all run check check-fast check-package with-tests bench screenshots fuzz install deb format clean
