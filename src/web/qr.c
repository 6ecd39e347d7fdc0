/* SPDX-License-Identifier: ISC */

#include "web/qr.h"

#include <qrencode.h>

#include "sys/crypt.h"

void
qr_add(struct json *j, const char *text)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	size_t width = code ? (size_t)code->width : 0;

	json_open(j, '[');
	for (size_t y = 0; y < width; y++) {
		json_open(j, '[');
		for (size_t x = 0; x < width; x++)
			json_int(j, code->data[y * width + x] & 1);
		json_close(j, ']');
	}
	json_close(j, ']');
	if (code)
		crypt_forget(code->data, width * width);
	QRcode_free(code);
}
