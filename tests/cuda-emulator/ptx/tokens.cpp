#include "tokens.h"

#include <cctype>
#include <cstring>

namespace {
bool starts(char c) { return isalpha((unsigned char)c) || c == '_' || c == '$' || c == '%' || c == '.'; }
bool continues(char c) { return isalnum((unsigned char)c) || c == '_' || c == '$' || c == '.'; }
}

std::vector<Token> tokenize(const char* p) {
    std::vector<Token> tokens;
    int line = 1;
    while (*p) {
        if (*p == '\n') line++;
        if (isspace((unsigned char)*p)) { p++; continue; }
        if (p[0] == '/' && p[1] == '/') {
            while (*p && *p != '\n') p++;
            continue;
        }
        if (p[0] == '/' && p[1] == '*') {
            for (p += 2; *p && !(p[0] == '*' && p[1] == '/'); p++) if (*p == '\n') line++;
            if (*p) p += 2;
            continue;
        }
        const char* begin = p;
        if (starts(*p)) {
            for (p++; continues(*p) || (*p == ':' && p[1] == ':');) p += *p == ':' ? 2 : 1;
            tokens.push_back({Token::Word, {begin, p}, line});
        } else if (isdigit((unsigned char)*p) || (*p == '-' && isdigit((unsigned char)p[1]))) {
            // 12, -3, 0x1F, 1.5e-3, 0f3F800000, 0d..., and the two halves of .version 8.4
            for (p++; isalnum((unsigned char)*p) || *p == '.' || ((*p == '-' || *p == '+') && (p[-1] == 'e' || p[-1] == 'E') && begin[1] != 'f' && begin[1] != 'd' && begin[1] != 'x');) p++;
            tokens.push_back({Token::Number, {begin, p}, line});
        } else if (strchr(",;:{}[]()+-@!<>|=\"", *p)) {
            tokens.push_back({Token::Mark, std::string(1, *p++), line});
        } else
            throw PtxError("line " + std::to_string(line) + ": unexpected character '" + *p + "'");
    }
    tokens.push_back({Token::End, "", line});
    return tokens;
}
