/*
 * Shared by policy.c and lexer.c: the current token, and how the parser moves to the next one.
 */
#ifndef KERNEL_SECURITY_APPARMOR_PARSER_H
#define KERNEL_SECURITY_APPARMOR_PARSER_H

#include "kernel/security/apparmor/apparmor.h"

enum token {
	TOK_END,
	TOK_WORD,
	TOK_QUOTED, /* a word that is never a keyword */
	TOK_CHAR,   /* one of { } ( ) , = */
	TOK_BAD,    /* the error is already described */
};

struct parser {
	const char *pos;
	int line; /* of pos */
	enum token tok;
	int tok_line;               /* where the current token began */
	char word[AA_NAME_MAX + 1]; /* its text */
	struct aa_policy_error *error;
};

/* Make the next token the current one. */
void aa_next(struct parser *p);

/* Is the current token the keyword or the character @text? */
bool aa_at(const struct parser *p, const char *text);

/* Step over @text if it is the current token. */
bool aa_accept(struct parser *p, const char *text);

/* Describe what is wrong at the current token. Returns -EINVAL. */
int aa_fail(struct parser *p, const char *fmt, ...) __printf(2, 3);

/* The same, in the words "expected @what, found ...". */
int aa_expected(struct parser *p, const char *what);

#endif
