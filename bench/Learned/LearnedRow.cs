using NeuroDb.Gpu;

namespace NeuroDb.Bench;

/// <summary>The figures of one set of keys.</summary>
/// <param name="name">The set.</param>
/// <param name="model">The model of the learned index.</param>
/// <param name="ns">Learned, batched, tree, batched, binary, batched: ns each.</param>
/// <param name="hashNs">A hash table.</param>
/// <param name="sortedNs">A sorted dictionary; NaN if it was not measured.</param>
/// <param name="storeNs">LMDB, RocksDB and SQLite; NaN if they were not measured.</param>
/// <param name="buildNs">What building took, a key.</param>
internal sealed class LearnedRow(
    string name, LearnedModel model, double[] ns, double hashNs, double sortedNs,
    double[] storeNs, double buildNs)
{
    /// <summary>Learned, batched, tree, batched, binary, batched.</summary>
    public double[] Nanoseconds => ns;

    /// <summary>One get.</summary>
    public double LearnedNs => ns[0];

    /// <summary>One get of a batch.</summary>
    public double LearnedBatchNs => ns[1];

    /// <summary>One get of a hash table.</summary>
    public double HashNs => hashNs;

    /// <summary>The tree's get over the learned index's.</summary>
    public double SingleRatio => ns[2] / ns[0];

    /// <summary>The tree's batched get over the learned index's.</summary>
    public double BatchRatio => ns[3] / ns[1];

    /// <summary>The bytes of the model over the keys.</summary>
    public double BytesPerKey => (double)model.SizeBytes / model.KeyCount;

    /// <summary>Adds the row to a report.</summary>
    public void AddTo(BenchReport report)
    {
        report.Row(
            name,
            $"{model.KeyCount:N0}",
            Timing.Cell(ns[0]),
            Timing.Cell(ns[1]),
            Timing.Cell(ns[2]),
            Timing.Cell(ns[3]),
            Timing.Cell(ns[4]),
            Timing.Cell(ns[5]),
            Timing.Cell(hashNs),
            CellOf(sortedNs),
            CellOf(storeNs[0]),
            CellOf(storeNs[1]),
            CellOf(storeNs[2]),
            Timing.Cell(SingleRatio),
            Timing.Cell(BatchRatio),
            Timing.Cell(BytesPerKey),
            Timing.Cell(model.LineCount * 1e6 / model.KeyCount),
            $"{model.ErrorBound}",
            Timing.Cell(buildNs));
        report.Detail($"{name}_lookup_ns", ns[0]);
        report.Detail($"{name}_batch_ns", ns[1]);
        report.Detail($"{name}_tree_ns", ns[2]);
        report.Detail($"{name}_tree_batch_ns", ns[3]);
        report.Detail($"{name}_bytes_per_key", BytesPerKey);
    }

    private static string CellOf(double value) => double.IsNaN(value) ? "-" : Timing.Cell(value);
}
