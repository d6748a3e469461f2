/*
 * format.c - the conversions of printf: d i u o x X c s p %, with the flags - + space 0 #, width,
 * precision, * and the lengths hh h l ll j z t. No floating point.
 *
 * Called by libc/printf.c, whose emit() takes what comes out.
 */
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "format.h"

/* One conversion, from its '%' to its letter. */
struct spec {
	unsigned int left : 1, plus : 1, space : 1, zero : 1, alt : 1, upper : 1;
	int width;		/* characters at least */
	int precision;		/* -1: none given */
	int size;		/* bytes of an integer argument: 1, 2, 4 or 8 */
};

static void pad(struct sink *out, char c, long n)
{
	while (n-- > 0)
		emit(out, &c, 1);
}

static void put_string(struct sink *out, const struct spec *spec, const char *s)
{
	size_t max = spec->precision < 0 ? SIZE_MAX : (size_t)spec->precision;
	size_t len;

	if (!s)
		s = "(null)";
	len = max == SIZE_MAX ? strlen(s) : strnlen(s, max);
	if (!spec->left)
		pad(out, ' ', spec->width - (long)len);
	emit(out, s, len);
	if (spec->left)
		pad(out, ' ', spec->width - (long)len);
}

/* Digits of @value in @base, written backwards so that they end before @end; returns the first. */
static char *digits(char *end, uintmax_t value, unsigned int base, int upper)
{
	const char *set = upper ? "0123456789ABCDEF" : "0123456789abcdef";

	for (; value; value /= base)
		*--end = set[value % base];
	return end;
}

/*
 * put_number() - @prefix (sign or 0x) and @value with the zeros and blanks @spec asks for
 *
 * A precision is the least number of digits and switches the flag 0 off (C11 7.21.6.1).
 */
static void put_number(struct sink *out, const struct spec *spec, const char *prefix,
		       uintmax_t value, unsigned int base)
{
	char buf[24];
	char *first = digits(buf + sizeof(buf), value, base, spec->upper);
	long len = buf + sizeof(buf) - first;
	long prefix_len = (long)strlen(prefix);
	long room = spec->width - prefix_len - len;
	long zeros = (spec->precision < 0 ? 1 : spec->precision) - len;
	long blanks;

	if (base == 8 && spec->alt && zeros <= 0)
		zeros = 1;
	if (spec->precision < 0 && spec->zero && !spec->left && zeros < room)
		zeros = room;
	if (zeros < 0)
		zeros = 0;
	blanks = room - zeros;
	if (!spec->left)
		pad(out, ' ', blanks);
	emit(out, prefix, (size_t)prefix_len);
	pad(out, '0', zeros);
	emit(out, first, (size_t)len);
	if (spec->left)
		pad(out, ' ', blanks);
}

static void put_signed(struct sink *out, const struct spec *spec, intmax_t value)
{
	const char *sign = value < 0 ? "-" : spec->plus ? "+" : spec->space ? " " : "";
	uintmax_t magnitude = value < 0 ? -(uintmax_t)value : (uintmax_t)value;

	put_number(out, spec, sign, magnitude, 10);
}

static void put_hex(struct sink *out, const struct spec *spec, uintmax_t value)
{
	const char *prefix = !spec->alt || !value ? "" : spec->upper ? "0X" : "0x";

	put_number(out, spec, prefix, value, 16);
}

static const char *parse_flags(const char *fmt, struct spec *spec)
{
	for (;; fmt++) {
		switch (*fmt) {
		case '-': spec->left = 1; break;
		case '+': spec->plus = 1; break;
		case ' ': spec->space = 1; break;
		case '0': spec->zero = 1; break;
		case '#': spec->alt = 1; break;
		default: return fmt;
		}
	}
}

static const char *parse_int(const char *fmt, int *value, va_list *ap)
{
	if (*fmt == '*') {
		*value = va_arg(*ap, int);
		return fmt + 1;
	}
	for (*value = 0; *fmt >= '0' && *fmt <= '9'; fmt++)
		*value = *value * 10 + (*fmt - '0');
	return fmt;
}

static const char *parse_length(const char *fmt, struct spec *spec)
{
	spec->size = sizeof(int);
	if (*fmt == 'h') {
		spec->size = fmt[1] == 'h' ? 1 : 2;
		return fmt + (fmt[1] == 'h' ? 2 : 1);
	}
	if (*fmt == 'l' || *fmt == 'j' || *fmt == 'z' || *fmt == 't') {
		spec->size = 8;
		return fmt + (fmt[0] == 'l' && fmt[1] == 'l' ? 2 : 1);
	}
	return fmt;
}

/* Read a conversion from behind its '%' up to its letter; returns a pointer to the letter. */
static const char *parse_spec(const char *fmt, struct spec *spec, va_list *ap)
{
	*spec = (struct spec){ .precision = -1 };
	fmt = parse_flags(fmt, spec);
	fmt = parse_int(fmt, &spec->width, ap);
	if (spec->width < 0) {
		spec->left = 1;
		spec->width = -spec->width;
	}
	if (*fmt == '.') {
		fmt = parse_int(fmt + 1, &spec->precision, ap);
		if (spec->precision < 0)
			spec->precision = -1;
	}
	return parse_length(fmt, spec);
}

/* The next integer argument, cut to the size the conversion names, with and without its sign. */
static intmax_t signed_arg(const struct spec *spec, va_list *ap)
{
	if (spec->size == 8)
		return va_arg(*ap, long);
	switch (spec->size) {
	case 1: return (signed char)va_arg(*ap, int);
	case 2: return (short)va_arg(*ap, int);
	default: return va_arg(*ap, int);
	}
}

static uintmax_t unsigned_arg(const struct spec *spec, va_list *ap)
{
	uintmax_t value = (uintmax_t)signed_arg(spec, ap);

	return spec->size == 8 ? value : value & ((1UL << (8 * spec->size)) - 1);
}

static void convert(struct sink *out, struct spec *spec, char letter, va_list *ap)
{
	char c[2] = { letter, '\0' };

	switch (letter) {
	case 'd':
	case 'i':
		put_signed(out, spec, signed_arg(spec, ap));
		break;
	case 'u':
		put_number(out, spec, "", unsigned_arg(spec, ap), 10);
		break;
	case 'o':
		put_number(out, spec, "", unsigned_arg(spec, ap), 8);
		break;
	case 'X':
		spec->upper = 1;
		/* fallthrough */
	case 'x':
		put_hex(out, spec, unsigned_arg(spec, ap));
		break;
	case 'p':
		spec->alt = 1;
		put_hex(out, spec, (uintptr_t)va_arg(*ap, void *));
		break;
	case 's':
		put_string(out, spec, va_arg(*ap, const char *));
		break;
	case 'c':
		c[0] = (char)va_arg(*ap, int);
		pad(out, ' ', spec->left ? 0 : spec->width - 1);
		emit(out, c, 1);
		pad(out, ' ', spec->left ? spec->width - 1 : 0);
		break;
	default:
		emit(out, c, 1);
	}
}

void format(struct sink *out, const char *fmt, va_list args)
{
	struct spec spec;
	va_list ap;

	va_copy(ap, args);
	while (*fmt) {
		size_t plain = 0;

		while (fmt[plain] && fmt[plain] != '%')
			plain++;
		emit(out, fmt, plain);
		fmt += plain;
		if (!*fmt)
			break;
		fmt = parse_spec(fmt + 1, &spec, &ap);
		if (!*fmt)
			break;
		convert(out, &spec, *fmt++, &ap);
	}
	va_end(ap);
}
