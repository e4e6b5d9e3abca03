using System.Globalization;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>What CREATE INDEX ... USING vector may say: operator class, type and options.</summary>
internal static class VectorIndexBinder
{
    // What people bring along from other systems; the structure is chosen by size and data.
    private static readonly string[] Ignored =
    [
        "ef_construction", "ef_search", "m", "max_alpha", "num_bits_per_dimension",
        "num_dimensions", "num_neighbors", "probes", "search_list_size", "storage_layout",
    ];

    /// <summary>Raises an error for an index that cannot be made.</summary>
    public static void Check(IndexSchema index, TableSchema table, Binder binder)
    {
        IndexColumn column = index.Columns[0];
        ColumnSchema indexed = table.Columns[column.Ordinal];
        string measure = (column.OperatorClass ?? "vector_l2_ops").Split('_')[1];
        if (!VectorIndexOptions.TryParse(measure, out _))
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                $"There is no index for {column.OperatorClass}: such distances are searched "
                + "exactly without one. Indexes have vector_l2_ops, vector_cosine_ops, "
                + "vector_ip_ops and, for bits, bit_hamming_ops.");
        }

        if (indexed.Type.IsVector
            && (measure == "hamming") != (indexed.Type.Kind == TypeKind.BitVector))
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                $"Column {indexed.Name} of table {table.Name} is {indexed.Type}, which has no "
                + $"distances of {column.OperatorClass ?? "vector_l2_ops"}; bits are indexed by "
                + "bit_hamming_ops, numbers by vector_l2_ops, vector_cosine_ops and "
                + "vector_ip_ops.");
        }

        if (indexed.Type.IsVector && indexed.Type.Length == 0)
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                $"Column {indexed.Name} of table {table.Name} has vectors of any length; an index "
                + $"needs one length for all: declare it {indexed.Type}(n).");
        }

        foreach (IndexOption option in index.Options)
        {
            Check(option, binder);
        }
    }

    private static void Check(IndexOption option, Binder binder)
    {
        switch (option.Name)
        {
            case "target_recall":
                bool isRecall = double.TryParse(
                    option.Value, CultureInfo.InvariantCulture, out double recall);
                Check(isRecall && recall is > 0 and <= 1, option, "above 0 and at most 1");
                break;
            case "lists" when option.Value == "auto":
                break;
            case "lists":
                bool isCount = int.TryParse(
                    option.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int lists);
                Check(
                    isCount && lists is >= 1 and <= VectorIndexOptions.ListCountMax,
                    option,
                    $"from 1 to {VectorIndexOptions.ListCountMax}");
                break;
            default:
                Check(
                    Array.IndexOf(Ignored, option.Name) >= 0,
                    option,
                    "one of target_recall and lists");
                binder.Notices.Add(
                    $"The option {option.Name} is ignored: an index of vectors finds its settings "
                    + "by itself; say WITH (target_recall = 0.99).");
                break;
        }
    }

    private static void Check(bool isRight, IndexOption option, string expected)
    {
        if (!isRight)
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidSetting,
                $"The option {option.Name} of a vector index does not take '{option.Value}'; it "
                + $"is {expected}.");
        }
    }
}
