// Any codes, scales and errors, in blocks of the exact size: no table leaves out a row that lies within reach.
#include "CKernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int8_t code_of(uint8_t byte) {
    return (int8_t)(byte == 0 ? -127 : byte - 128);
}

// From 2⁻⁴⁰ to 2⁴⁰, in steps that scales of real rows differ by.
static float magnitude_of(uint8_t byte) {
    return ldexpf(1 + (float)(byte % 8) / 8, byte / 8 % 2 == 0 ? byte / 8 : -(byte / 8));
}

static float lowered(double square) {
    return nextafterf((float)(square * (1 - 0x1p-21)), -INFINITY);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const size_t groups = size > 0 ? 1 + data[0] % 20 : 0;
    const size_t of_row = 4 * groups + 2;
    if (size < 3 + 4 * groups + of_row) return 0;
    const uint8_t *of_query = data + 3;
    const size_t count = (size - 3 - 4 * groups) / of_row;
    const size_t block_count = (count + KINDRED_BLOCK_ROWS - 1) / KINDRED_BLOCK_ROWS;
    const size_t bytes = KINDRED_BLOCK_BYTES(groups);

    int8_t *codes = malloc(4 * groups);
    double *squares = malloc(count * sizeof(double));
    float *errors = malloc(count * sizeof(float));
    uint8_t *blocks = aligned_alloc(64, block_count * bytes);
    int32_t *found = malloc(block_count * KINDRED_BLOCK_ROWS * sizeof(int32_t));
    if (codes == NULL || squares == NULL || errors == NULL || blocks == NULL || found == NULL) abort();
    memset(blocks, 0, block_count * bytes);

    const float query_scale = magnitude_of(data[1]);
    double query_square = 0;
    for (size_t i = 0; i < 4 * groups; i++) {
        codes[i] = code_of(of_query[i]);
        query_square += pow((double)query_scale * codes[i], 2);
    }
    for (size_t row = 0; row < count; row++) {
        const uint8_t *own = of_query + 4 * groups + row * of_row;
        uint8_t *block = blocks + row / KINDRED_BLOCK_ROWS * bytes;
        float *floats = (float *)(block + 64 * groups) + row % KINDRED_BLOCK_ROWS;
        const float scale = magnitude_of(own[0]);
        double square = 0;
        squares[row] = 0;
        for (size_t i = 0; i < 4 * groups; i++) {
            const int8_t code = code_of(own[2 + i]);
            block[i / 4 * 64 + row % KINDRED_BLOCK_ROWS * 4 + i % 4] = (uint8_t)(code + 128);
            square += pow((double)scale * code, 2);
            squares[row] += pow((double)scale * code - (double)query_scale * codes[i], 2);
        }
        errors[row] = magnitude_of(own[1]);
        floats[0] = scale;
        floats[KINDRED_BLOCK_ROWS] = lowered(square);
        floats[2 * KINDRED_BLOCK_ROWS] = errors[row];
    }
    const kindred_coded_query query = {
        .codes = codes, .groups = groups, .twice_scale = 2 * query_scale, .lowered_square = lowered(query_square)};

    const char *const names[] = {"scalar", "avx2+fma", "avx512+vnni"};
    // Near the distance of the first row, where a wrong rounding would show, or anywhere.
    const float reaches[] = {(float)sqrt(squares[0]), magnitude_of(data[2])};
    for (int i = 0; i < 6; i++) {
        const kindred_kernels *table = kindred_kernels_named(names[i / 2]);
        if (table == NULL) continue;
        const float reach = reaches[i % 2];
        const size_t kept = table->candidates(&query, blocks, block_count, reach, found);
        size_t next = 0;
        for (size_t row = 0; row < count; row++) {
            while (next < kept && found[next] < (int32_t)row) next++;
            const int is_kept = next < kept && found[next] == (int32_t)row;
            // The caller raises both by as much, for the rounding of their sum and its square.
            const double limit = ((double)reach + errors[row]) * (1 - 0x1p-21);
            if (!is_kept && squares[row] <= limit * limit) abort();
        }
        for (size_t place = 1; place < kept; place++) {
            if (found[place] <= found[place - 1]) abort();
        }
    }
    free(found);
    free(blocks);
    free(errors);
    free(squares);
    free(codes);
    return 0;
}
