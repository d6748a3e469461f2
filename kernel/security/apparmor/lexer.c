/*
 * The lexer: it turns the text of a policy into tokens, each with its line number. A token is a
 * word, a quoted word or a punctuation character.
 */
#include "kernel/security/apparmor/parser.h"

int aa_fail(struct parser *p, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(p->error->what, sizeof(p->error->what), fmt, args);
	va_end(args);
	p->error->line = p->tok_line;
	return -EINVAL;
}

int aa_expected(struct parser *p, const char *what)
{
	if (p->tok == TOK_BAD)
		return -EINVAL;
	if (p->tok == TOK_END)
		return aa_fail(p, "expected %s, found the end of the file", what);
	return aa_fail(p, "expected %s, found '%s'", what, p->word);
}

/* Blanks and comments. `#include` is a directive, no comment: it is left for next() to refuse. */
static void skip_blanks(struct parser *p)
{
	for (;; p->pos++) {
		if (*p->pos == '#' && strncmp(p->pos, "#include", 8)) {
			while (*p->pos && *p->pos != '\n')
				p->pos++;
		}
		if (*p->pos == '\n')
			p->line++;
		else if (!*p->pos || !strchr(" \t\r", *p->pos))
			return;
	}
}

static bool in_word(enum token tok, char c)
{
	if (tok == TOK_QUOTED)
		return c >= ' ' && c <= '~' && c != '"';
	return c > ' ' && c <= '~' && !strchr("{}(),=#\"", c);
}

/* Take the word at pos, as far as it goes. */
static void next_word(struct parser *p, enum token tok)
{
	int len = 0;

	p->tok = tok;
	for (; in_word(tok, *p->pos); p->pos++) {
		if (len == AA_NAME_MAX) {
			p->tok = TOK_BAD;
			aa_fail(p, "a word of more than %d bytes", AA_NAME_MAX);
			return;
		}
		p->word[len++] = *p->pos;
	}
	p->word[len] = '\0';
}

static void next_quoted(struct parser *p)
{
	p->pos++;
	next_word(p, TOK_QUOTED);
	if (p->tok == TOK_BAD)
		return;
	if (*p->pos++ != '"') {
		p->tok = TOK_BAD;
		aa_fail(p, "a quoted name must end on its line");
	}
}

void aa_next(struct parser *p)
{
	skip_blanks(p);
	p->tok_line = p->line;
	if (!*p->pos) {
		p->tok = TOK_END;
	} else if (*p->pos == '"') {
		next_quoted(p);
	} else if (strchr("{}(),=", *p->pos)) {
		p->tok = TOK_CHAR;
		p->word[0] = *p->pos++;
		p->word[1] = '\0';
	} else if (in_word(TOK_WORD, *p->pos)) {
		next_word(p, TOK_WORD);
	} else {
		p->tok = TOK_BAD;
		if (*p->pos == '#')
			aa_fail(p, "#include is not supported");
		else
			aa_fail(p, "unexpected byte 0x%02x", (unsigned char)*p->pos);
	}
}

bool aa_at(const struct parser *p, const char *text)
{
	return (p->tok == TOK_WORD || p->tok == TOK_CHAR) && !strcmp(p->word, text);
}

bool aa_accept(struct parser *p, const char *text)
{
	if (!aa_at(p, text))
		return false;
	aa_next(p);
	return true;
}
