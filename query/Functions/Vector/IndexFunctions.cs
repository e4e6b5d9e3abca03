using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Table functions about indexes.</summary>
internal static class IndexFunctions
{
    private const int SampleDefault = 100;

    /// <summary>
    /// ml.index_recall (index [, sample]): what an index of vectors finds of the true nearest rows.
    /// </summary>
    public static (TableFunction Function, IReadOnlyList<Expression> Arguments) BindRecall(
        FunctionCall call)
    {
        if (call.Count is < 1 or > 2)
        {
            throw TableFunctionRegistry.WrongCount(call, "1 or 2");
        }

        SourcePosition position = call.Position;
        var function = new TableFunction(
            call.Name,
            [
                ("index", DataType.Text),
                ("target_recall", DataType.Double),
                ("recall", DataType.Double),
                ("queries", DataType.BigInt),
                ("rows", DataType.BigInt),
                ("lists_probed", DataType.Double),
                ("codes_scanned", DataType.Double),
                ("rows_reranked", DataType.Double),
                ("bytes_read", DataType.Double),
                ("bandwidth_share", DataType.Double),
            ],
            static _ => throw Invariant.Broken("a function that runs in a statement"))
        {
            RunIn = (values, context) => [Recall(values, context, position)],
        };
        return (
            function,
            [.. Enumerable.Range(0, call.Count).Select(
                i => call.As(i, i == 0 ? DataType.Text : DataType.BigInt))]);
    }

    private static Value[] Recall(
        Value[] values, ExecutionContext context, SourcePosition position)
    {
        string name = values[0].IsNull ? "" : values[0].AsText();
        CatalogView catalog = context.Transaction.Catalog;
        if (!catalog.TryGetIndex(name, out IndexEntry entry)
            || entry.Schema.Kind != IndexKind.Vector)
        {
            throw new NeuroStoreException(
                ErrorCode.UnknownIndex,
                $"There is no index of vectors {name}."
                + NearMatch.Hint(
                    name, catalog.Indexes.Select(static index => index.Schema.Name)),
                position);
        }

        long sample = values.Length > 1 && !values[1].IsNull
            ? values[1].AsInt64()
            : SampleDefault;
        if (sample < 1)
        {
            throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange,
                $"ml.index_recall cannot ask {sample} rows. Ask 1 or more.",
                position);
        }

        TableEntry table = catalog.Tables.First(known => known.Id == entry.Schema.TableId);
        VectorIndex index = context.Transaction.VectorIndexOf(entry);
        VectorRecall measured = VectorRecall.Measure(
            index,
            context.Open(table),
            (int)Math.Min(sample, 100_000),
            context.Workers,
            context.Cancellation,
            context.Clock);
        index.Note(measured.Recall);
        VectorSearchStatistics done = measured.Statistics;
        double queries = Math.Max(1, measured.QueryCount);
        return
        [
            Value.Of(entry.Schema.Name),
            Value.Of(index.Options.TargetRecall),
            Value.Of(measured.Recall),
            Value.Of(measured.QueryCount),
            Value.Of(measured.RowCount),
            Value.Of(done.Lists / queries),
            Value.Of(done.Codes / queries),
            Value.Of(done.Reranked / queries),
            Value.Of(done.Bytes / queries),
            Value.Of(done.ShareOf(MemorySpeed.BytesPerSecond(context.Clock))),
        ];
    }
}
