#include "tables.h"

size_t kindred_candidates_scalar(
    const kindred_coded_query *query, const uint8_t *blocks, size_t block_count, float reach, int32_t *out) {
    const int32_t excess = kindred_excess_of_bias(query);
    size_t found = 0;
    for (size_t block = 0; block < block_count; block++) {
        const uint8_t *codes = blocks + block * KINDRED_BLOCK_BYTES(query->groups);
        int32_t products[KINDRED_BLOCK_ROWS];
        for (size_t row = 0; row < KINDRED_BLOCK_ROWS; row++) products[row] = -excess;
        for (size_t group = 0; group < query->groups; group++, codes += 4 * KINDRED_BLOCK_ROWS) {
            const int8_t *four = query->codes + 4 * group;
            for (size_t row = 0; row < KINDRED_BLOCK_ROWS; row++) {
                const uint8_t *own = codes + 4 * row;
                products[row] += own[0] * four[0] + own[1] * four[1] + own[2] * four[2] + own[3] * four[3];
            }
        }
        const kindred_block_rows *rows = (const kindred_block_rows *)codes;
        for (size_t row = 0; row < KINDRED_BLOCK_ROWS; row++) {
            const float square = (query->lowered_square + rows->lowered_square[row]) -
                query->twice_scale * rows->scale[row] * (float)products[row];
            const float limit = reach + rows->error[row];
            out[found] = (int32_t)(block * KINDRED_BLOCK_ROWS + row);
            // Not `<=`: what cannot be compared must stay.
            found += !(square > limit * limit);
        }
    }
    return found;
}
