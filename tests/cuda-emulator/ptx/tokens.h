// PTX text as tokens: words (with their dots), numbers, single marks.
#pragma once
#include <stdexcept>
#include <string>
#include <vector>

struct Token {
    enum Kind { Word, Number, Mark, End } kind;
    std::string text;
    int line;
};

// What the driver would refuse; the text says why, and in which line.
struct PtxError : std::runtime_error {
    using std::runtime_error::runtime_error;
    int code = 218;  // CUDA_ERROR_INVALID_PTX
    PtxError(int code, const std::string& text) : std::runtime_error(text), code(code) {}
};

std::vector<Token> tokenize(const char* text);
