// Any floats, in blocks of the exact size: no table reads behind them, all functions of a table give the same bits,
// and the vector tables give each other's.
#include "CKernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void *exactly(size_t bytes) {
    void *block = malloc(bytes > 0 ? bytes : 1);
    if (block == NULL) abort();
    return block;
}

// The payload of a NaN depends on the order of a commutative instruction's operands.
static void expect_same(const float *a, const float *b, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!(isnan(a[i]) && isnan(b[i])) && memcmp(a + i, b + i, sizeof *a) != 0) abort();
    }
}

static void check(
    const kindred_kernels *table, const float *queries, size_t query_count, const float *rows, size_t count,
    size_t columns, float limit, float *squares) {
    for (size_t i = 0; i < query_count * count; i++) {
        squares[i] = table->squared_l2(queries + i / count * columns, rows + i % count * columns, columns);
    }
    float *again = exactly(query_count * count * sizeof(float));
    table->scan_many(queries, query_count, rows, count, columns, again);
    expect_same(squares, again, query_count * count);
    table->scan(queries, rows, count, columns, again);
    expect_same(squares, again, count);
    int32_t *places = exactly(count * sizeof(int32_t));
    for (size_t i = 0; i < count; i++) places[i] = (int32_t)i;
    table->gather(queries, rows, places, count, columns, again);
    expect_same(squares, again, count);

    const size_t found = table->select_below(squares, count, limit, places);
    size_t expected = 0;
    for (size_t i = 0; i < count; i++) {
        if (squares[i] >= limit) continue;
        if (expected == found || places[expected++] != (int32_t)i) abort();
    }
    if (expected != found) abort();
    free(places);
    free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 8) return 0;
    float limit;
    memcpy(&limit, data + 4, sizeof limit);
    const size_t columns = 1 + data[0] % 80;
    const size_t query_count = 1 + data[1] % 6;
    const size_t floats = (size - 8) / sizeof(float);
    if (floats < (query_count + 1) * columns) return 0;
    const size_t count = floats / columns - query_count;
    float *queries = exactly(query_count * columns * sizeof(float));
    float *rows = exactly(count * columns * sizeof(float));
    memcpy(queries, data + 8, query_count * columns * sizeof(float));
    memcpy(rows, data + 8 + query_count * columns * sizeof(float), count * columns * sizeof(float));

    const char *const names[] = {"scalar", "avx2+fma", "avx512+vnni"};
    float *squares[] = {NULL, NULL, NULL};
    for (int i = 0; i < 3; i++) {
        const kindred_kernels *table = kindred_kernels_named(names[i]);
        if (table == NULL) continue;
        squares[i] = exactly(query_count * count * sizeof(float));
        check(table, queries, query_count, rows, count, columns, limit, squares[i]);
    }
    if (squares[1] != NULL && squares[2] != NULL) expect_same(squares[1], squares[2], query_count * count);
    for (int i = 0; i < 3; i++) free(squares[i]);
    free(rows);
    free(queries);
    return 0;
}
