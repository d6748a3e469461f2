/*
 * Formatted output, for printk() and /proc. Begin with vsnprintf() near the end, which takes one
 * conversion of the format after another. %p prints the real pointer, because the addresses of this
 * kernel are part of the lesson and no secret. Linux: lib/vsprintf.c
 */
#include "kernel/lib/kallsyms.h"
#include "kernel/printk/printk.h"
#include "kernel/lib/string.h"

struct out {
	char *buf;
	size_t size, len; /* len counts on past size */
};

struct spec {
	bool left, zero, plus, space, alt, upper, is_signed;
	int width, precision; /* precision < 0: none given */
	int length;           /* bytes of the argument: 1, 2, 4, 8 */
	unsigned int base;
};

static void put(struct out *o, char c)
{
	if (o->len < o->size)
		o->buf[o->len] = c;
	o->len++;
}

static void put_padded(struct out *o, const struct spec *s, const char *text, int len)
{
	int pad = s->width - len;

	for (; !s->left && pad > 0; pad--)
		put(o, ' ');
	while (len--)
		put(o, *text++);
	for (; pad > 0; pad--)
		put(o, ' ');
}

static void put_number(struct out *o, struct spec *s, u64 value)
{
	const char *digits = s->upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char tmp[72], *end = tmp + sizeof(tmp), *p = end;
	char sign = 0;
	int fill;

	if (s->is_signed && (s64)value < 0) {
		sign = '-';
		value = -value;
	} else if (s->is_signed && (s->plus || s->space)) {
		sign = s->plus ? '+' : ' ';
	}
	do {
		*--p = digits[value % s->base];
		value /= s->base;
	} while (value);

	fill = s->precision;
	if (fill < 0 && s->zero && !s->left)
		fill = s->width - !!sign - (s->alt && s->base == 16 ? 2 : 0);
	while (end - p < min(fill, 64))
		*--p = '0';
	if (s->alt && s->base == 8 && *p != '0')
		*--p = '0';
	if (s->alt && s->base == 16) {
		*--p = s->upper ? 'X' : 'x';
		*--p = '0';
	}
	if (sign)
		*--p = sign;
	put_padded(o, s, p, end - p);
}

/*
 * %pS: name+0xoffset/0xsize; %ps: name; %pB: as %pS for a return address, which may lie just behind
 * the function that made the call. An address without a name prints as hexadecimal.
 */
static void put_symbol(struct out *o, struct spec *s, unsigned long addr, char kind)
{
	unsigned long size, offset = 0, back = kind == 'B';
	const char *module = NULL, *name = kallsyms_lookup(addr - back, &size, &offset);
	char text[128];
	int len;

	if (!name)
		name = module_address_lookup(addr - back, &size, &offset, &module);
	if (!name)
		len = scnprintf(text, sizeof(text), "0x%lx", addr);
	else if (kind == 's')
		len = scnprintf(text, sizeof(text), "%s", name);
	else
		len = scnprintf(text, sizeof(text), "%s+0x%lx/0x%lx", name, offset + back, size);
	if (module)
		len += scnprintf(text + len, sizeof(text) - len, " [%s]", module);
	put_padded(o, s, text, len);
}

/* %pI4: the four bytes of an IPv4 address at @addr. %pi4: each with three digits. */
static void put_ip4(struct out *o, struct spec *s, const u8 *addr, char kind)
{
	const char *fmt = kind == 'i' ? "%03u.%03u.%03u.%03u" : "%u.%u.%u.%u";
	char text[16];

	put_padded(o, s, text, scnprintf(text, sizeof(text), fmt, addr[0], addr[1], addr[2], addr[3]));
}

static const char *parse_flags(const char *fmt, struct spec *s, va_list *args)
{
	*s = (struct spec){ .precision = -1, .length = 4, .base = 10 };
	for (;; fmt++) {
		if (*fmt == '-')
			s->left = true;
		else if (*fmt == '0')
			s->zero = true;
		else if (*fmt == '+')
			s->plus = true;
		else if (*fmt == ' ')
			s->space = true;
		else if (*fmt == '#')
			s->alt = true;
		else
			break;
	}
	if (*fmt == '*') {
		s->width = va_arg(*args, int);
		fmt++;
	}
	while (*fmt >= '0' && *fmt <= '9')
		s->width = s->width * 10 + *fmt++ - '0';
	if (*fmt == '.') {
		s->precision = 0;
		if (*++fmt == '*') {
			s->precision = va_arg(*args, int);
			fmt++;
		}
		while (*fmt >= '0' && *fmt <= '9')
			s->precision = s->precision * 10 + *fmt++ - '0';
	}
	for (; *fmt == 'h'; fmt++)
		s->length /= 2;
	for (; *fmt == 'l' || *fmt == 'z' || *fmt == 't'; fmt++)
		s->length = 8;
	return fmt;
}

static u64 number_arg(const struct spec *s, va_list *args)
{
	u64 value;

	if (s->length == 8)
		return va_arg(*args, u64);
	value = va_arg(*args, unsigned int);
	if (!s->is_signed)
		return s->length == 1 ? (u8)value : s->length == 2 ? (u16)value : value;
	return s->length == 1 ? (s8)value : s->length == 2 ? (s16)value : (s32)value;
}

/* Print one conversion. Returns the rest of the format. */
static const char *convert(struct out *o, const char *fmt, va_list *args)
{
	struct spec s;
	const char *str;
	char c;

	fmt = parse_flags(fmt, &s, args);
	switch (*fmt) {
	case 'd':
	case 'i':
		s.is_signed = true;
		break;
	case 'u':
		break;
	case 'X':
		s.upper = true;
		/* fallthrough */
	case 'x':
		s.base = 16;
		break;
	case 'o':
		s.base = 8;
		break;
	case 'p':
		if (fmt[1] == 'S' || fmt[1] == 's' || fmt[1] == 'B') {
			put_symbol(o, &s, va_arg(*args, unsigned long), fmt[1]);
			return fmt + 2;
		}
		if ((fmt[1] == 'I' || fmt[1] == 'i') && fmt[2] == '4') {
			put_ip4(o, &s, va_arg(*args, const u8 *), fmt[1]);
			return fmt + 3;
		}
		s.base = 16;
		s.length = 8;
		s.precision = 16;
		if (fmt[1] == 'x' || fmt[1] == 'K')
			fmt++;
		break;
	case 'c':
		c = va_arg(*args, int);
		put_padded(o, &s, &c, 1);
		return fmt + 1;
	case 's':
		str = va_arg(*args, const char *) ?: "(null)";
		put_padded(o, &s, str, s.precision < 0 ? strlen(str) : strnlen(str, s.precision));
		return fmt + 1;
	case '\0':
		return fmt;
	default:
		put(o, *fmt);
		return fmt + 1;
	}
	put_number(o, &s, number_arg(&s, args));
	return fmt + 1;
}

int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	struct out o = { .buf = buf, .size = size ? size - 1 : 0 };
	va_list ap;

	va_copy(ap, args);
	while (*fmt) {
		if (*fmt == '%')
			fmt = convert(&o, fmt + 1, &ap);
		else
			put(&o, *fmt++);
	}
	va_end(ap);
	if (size)
		buf[min(o.len, size - 1)] = '\0';
	return o.len;
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return size ? min(len, (int)size - 1) : 0;
}
