// Where the ways of a branch come together: its immediate post-dominator, which is where a device joins threads that have parted.
#include <algorithm>

#include "program.h"

namespace {
// Blocks, and one last number for the end of the kernel; found by the algorithm of Cooper, Harvey and Kennedy on the reversed graph.
class Graph {
public:
    explicit Graph(Program& program) : program(program) {
        auto& code = program.code;
        std::vector<bool> begins(code.size() + 1);
        begins[0] = true;
        for (size_t i = 0; i < code.size(); i++) {
            if (code[i].flow == Instruction::Next) continue;
            if (i + 1 < code.size()) begins[i + 1] = true;
            for (auto target : targets(code[i])) begins[target] = true;
        }
        blockOf.resize(code.size());
        for (size_t i = 0; i < code.size(); i++) {
            if (begins[i]) first.push_back((uint32_t)i);
            blockOf[i] = (uint32_t)first.size() - 1;
        }
        end = (uint32_t)first.size();
        next.resize(end + 1);
        previous.resize(end + 1);
        for (uint32_t b = 0; b < end; b++) {
            auto last = (b + 1 < end ? first[b + 1] : (uint32_t)code.size()) - 1;
            auto& instruction = code[last];
            for (auto target : targets(instruction)) connect(b, blockOf[target]);
            auto falls = instruction.flow == Instruction::Next || instruction.hasGuard;
            if (falls && last + 1 < code.size()) connect(b, blockOf[last + 1]);
            if (instruction.flow == Instruction::End) connect(b, end);
        }
    }

    void solve() {
        order();
        std::vector<uint32_t> dominator(end + 1, NoPlace);
        dominator[end] = end;
        auto meet = [&](uint32_t a, uint32_t b) {
            while (a != b) {
                while (rank[a] > rank[b]) a = dominator[a];
                while (rank[b] > rank[a]) b = dominator[b];
            }
            return a;
        };
        for (bool changed = true; changed;) {
            changed = false;
            for (auto block : ordered) {
                if (block == end) continue;
                uint32_t found = NoPlace;
                for (auto successor : next[block])
                    if (dominator[successor] != NoPlace) found = found == NoPlace ? successor : meet(found, successor);
                if (found != dominator[block]) dominator[block] = found, changed = true;
            }
        }
        for (size_t i = 0; i < program.code.size(); i++) {
            auto block = dominator[blockOf[i]];
            if (program.code[i].flow != Instruction::Next && block != NoPlace && block != end) program.code[i].meeting = first[block];
        }
    }

private:
    Program& program;
    std::vector<uint32_t> first, blockOf, ordered, rank;
    std::vector<std::vector<uint32_t>> next, previous;
    uint32_t end = 0;

    std::vector<uint32_t> targets(const Instruction& instruction) const {
        if (instruction.flow == Instruction::Branch) return {instruction.target};
        if (instruction.flow == Instruction::Table) return program.tables[instruction.target];
        return {};
    }

    void connect(uint32_t from, uint32_t to) {
        next[from].push_back(to);
        previous[to].push_back(from);
    }

    // From the end backwards, each block after all that lead from it to the end, where there are no loops.
    void order() {
        std::vector<std::pair<uint32_t, size_t>> path{{end, 0}};
        std::vector<bool> seen(end + 1);
        seen[end] = true;
        while (!path.empty()) {
            auto& [block, at] = path.back();
            if (at < previous[block].size()) {
                auto one = previous[block][at++];
                if (!seen[one]) seen[one] = true, path.push_back({one, 0});
            } else {
                ordered.push_back(block);
                path.pop_back();
            }
        }
        std::reverse(ordered.begin(), ordered.end());
        rank.assign(end + 1, NoPlace);
        for (size_t i = 0; i < ordered.size(); i++) rank[ordered[i]] = (uint32_t)i;
    }
};
}

void findMeetings(Program& program) {
    Graph graph(program);
    graph.solve();
}
