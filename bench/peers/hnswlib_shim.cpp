// A C face for the calls of hnswlib that bench makes, so that C# can bind them.
#include <hnswlib/hnswlib.h>

namespace {

struct Index
{
    hnswlib::SpaceInterface<float>* space;
    hnswlib::HierarchicalNSW<float>* graph;
    size_t dimension;
};

}

extern "C" {

void* hnsw_new(int dimension, int inner_product, long capacity, int degree, int construction)
{
    auto* index = new Index;
    index->dimension = dimension;
    if (inner_product) {
        index->space = new hnswlib::InnerProductSpace(dimension);
    } else {
        index->space = new hnswlib::L2Space(dimension);
    }
    index->graph = new hnswlib::HierarchicalNSW<float>(
        index->space, capacity, degree, construction);
    return index;
}

void hnsw_add(void* handle, long count, const float* vectors)
{
    auto* index = static_cast<Index*>(handle);
    for (long i = 0; i < count; i++) {
        index->graph->addPoint(vectors + i * index->dimension, i);
    }
}

void hnsw_width(void* handle, int width)
{
    static_cast<Index*>(handle)->graph->setEf(width);
}

long hnsw_bytes(void* handle)
{
    auto* graph = static_cast<Index*>(handle)->graph;
    return static_cast<long>(graph->max_elements_ * graph->size_data_per_element_);
}

void hnsw_search(void* handle, const float* query, long k, long* labels)
{
    auto* index = static_cast<Index*>(handle);
    auto found = index->graph->searchKnn(query, k);
    long at = static_cast<long>(found.size());
    for (long i = at; i < k; i++) {
        labels[i] = -1;
    }
    while (!found.empty()) {
        labels[--at] = static_cast<long>(found.top().second);
        found.pop();
    }
}

void hnsw_free(void* handle)
{
    auto* index = static_cast<Index*>(handle);
    delete index->graph;
    delete index->space;
    delete index;
}

}
