using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NeuroDb.Neural;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Writes versions of models into the store, and takes them out again.</summary>
internal static class ModelWriter
{
    /// <summary>Smaller tensors stand with their version and are not shared.</summary>
    private const int SharedBytesMin = 4096;

    private const int PieceBytesMax = 16 << 20;

    /// <summary>Whether a version with exactly this header is stored.</summary>
    public static bool IsThere(byte[] header, StorageTransaction transaction) => ModelTables.Find(
        ModelTables.Versions, transaction, out _, Value.Of(IdentityOf(header))) is not null;

    /// <summary>Stores a version and gives its identity.</summary>
    /// <param name="package">The model.</param>
    /// <param name="header">Its header.</param>
    /// <param name="log">A line for each pass of its training.</param>
    /// <param name="testUses">How often its test rows were used so far.</param>
    /// <param name="transaction">The transaction that is to store it.</param>
    public static string Write(
        ModelPackage package,
        byte[] header,
        IReadOnlyList<TrainingProgress> log,
        long testUses,
        StorageTransaction transaction)
    {
        string identity = IdentityOf(header);
        ModelTables.Insert(
            ModelTables.Versions,
            transaction,
            Value.Of(identity),
            Value.Of(header),
            Value.OfJson(FactsOf(package, header.Length)),
            Value.Of(testUses));
        IReadOnlyList<TensorEntry> entries = ModelFile.ReadHeader(header).Tensors;
        for (int i = 0; i < entries.Count; i++)
        {
            Write(identity, i, entries[i], package.Model.Tensors[i], transaction);
        }

        TrainingLog.Write(identity, log, transaction);
        return identity;
    }

    /// <summary>Counts one more use of the test rows, and gives how many that makes.</summary>
    public static long CountTestUse(string identity, StorageTransaction transaction)
    {
        Value[]? row = ModelTables.Find(
            ModelTables.Versions, transaction, out long rowId, Value.Of(identity));
        if (row is null)
        {
            return 0;
        }

        row[3] = Value.Of(row[3].AsInt64() + 1);
        ModelTables.Update(ModelTables.Versions, transaction, rowId, row);
        return row[3].AsInt64();
    }

    /// <summary>Sets how often the test rows of a version were used before it came here.</summary>
    public static void SetTestUses(string identity, long uses, StorageTransaction transaction)
    {
        Value[]? row = ModelTables.Find(
            ModelTables.Versions, transaction, out long rowId, Value.Of(identity));
        Invariant.Check(row is not null, "a version that was just stored has a row");
        row[3] = Value.Of(uses);
        ModelTables.Update(ModelTables.Versions, transaction, rowId, row);
    }

    /// <summary>Remembers that a version was judged.</summary>
    /// <param name="identity">The version.</param>
    /// <param name="part">What it was judged by: test, validation, train or query.</param>
    /// <param name="rows">How many rows that were.</param>
    /// <param name="metric">What came of it.</param>
    /// <param name="splitHash">The hash of the split of the rows, or nothing.</param>
    /// <param name="context">The transaction and the time.</param>
    public static void AddEvaluation(
        string identity,
        string part,
        long rows,
        JudgedMetric metric,
        string splitHash,
        ExecutionContext context)
    {
        long number = 1 + ModelTables.RowsOf(
            ModelTables.Evaluations, context.Transaction, identity, 1).LongCount();
        ModelTables.Insert(
            ModelTables.Evaluations,
            context.Transaction,
            Value.Of(identity),
            Value.Of(number),
            Value.OfTimestamp(context.NowMicroseconds),
            Value.Of(part),
            Value.Of(rows),
            Value.Of(metric.Name),
            BoundModelChange.NumberOrNull(metric.Value),
            BoundModelChange.NumberOrNull(metric.Low),
            BoundModelChange.NumberOrNull(metric.High),
            BoundModelChange.NumberOrNull(metric.Baseline),
            BoundModelChange.TextOrNull(metric.Verdict),
            BoundModelChange.TextOrNull(splitHash));
    }

    /// <summary>Keeps how far columns moved from those that a version learned from.</summary>
    public static void AddDrift(
        string identity,
        IReadOnlyList<Value[]> found,
        long rowCount,
        StorageTransaction transaction,
        ExecutionContext context)
    {
        long number = ModelTables.RowsOf(
            ModelTables.Drift, transaction, identity, 1).LongCount();
        foreach (Value[] row in found)
        {
            ModelTables.Insert(
                ModelTables.Drift,
                transaction,
                Value.Of(identity),
                Value.Of(++number),
                row[0],
                row[1],
                row[2],
                Value.Of(rowCount),
                Value.OfTimestamp(context.NowMicroseconds));
        }
    }

    /// <summary>
    /// Removes a version, and the tensors that no other version has; gives the bytes of what went.
    /// </summary>
    public static long Delete(string identity, StorageTransaction transaction)
    {
        Value[]? row = ModelTables.Find(
            ModelTables.Versions, transaction, out long rowId, Value.Of(identity));
        if (row is null)
        {
            return 0;
        }

        transaction.Delete(ModelTables.Ensure(ModelTables.Versions, transaction), [rowId]);
        Dictionary<string, long> shared = [];
        long freed = row[1].AsBlob().Length;
        foreach (Value[] tensor in
            ModelTables.RowsOf(ModelTables.Tensors, transaction, identity, 0))
        {
            if (tensor[5].IsNull)
            {
                shared[tensor[4].AsText()] = BytesOf(tensor[3].AsText());
            }
            else
            {
                freed += BytesOf(tensor[3].AsText());
            }
        }

        ModelTables.Delete(ModelTables.Tensors, transaction, identity, 0);
        TrainingLog.Delete(identity, transaction);
        ModelTables.Delete(ModelTables.Evaluations, transaction, identity, 1);
        ModelTables.Delete(ModelTables.Trials, transaction, identity, 1);
        ModelTables.Delete(ModelTables.Drift, transaction, identity, 1);
        HashSet<string> used = shared.Count == 0 ? [] : UsedHashes(transaction);
        foreach ((string hash, long bytes) in shared.Where(it => !used.Contains(it.Key)))
        {
            ModelTables.Delete(ModelTables.Weights, transaction, hash, 0);
            freed += bytes;
        }

        return freed;
    }

    /// <summary>The bytes of a tensor whose shape is written as 3x4.</summary>
    public static long BytesOf(string shape) => shape.Split('x').Aggregate(
        4L, static (bytes, size) => bytes * long.Parse(size, CultureInfo.InvariantCulture));

    private static string IdentityOf(byte[] header) =>
        Convert.ToHexStringLower(SHA256.HashData(header));

    private static void Write(
        string identity,
        int ordinal,
        TensorEntry entry,
        Tensor tensor,
        StorageTransaction transaction)
    {
        bool isShared = entry.SizeBytes >= SharedBytesMin;
        ModelTables.Insert(
            ModelTables.Tensors,
            transaction,
            Value.Of(identity),
            Value.Of((long)ordinal),
            Value.Of(entry.Name),
            Value.Of(string.Join('x', entry.Shape)),
            Value.Of(entry.Sha256),
            isShared ? Value.Null : Value.Of(ModelFile.BytesOf(tensor).ToArray()));
        if (!isShared)
        {
            return;
        }

        Value hash = Value.Of(entry.Sha256);
        if (ModelTables.Find(
            ModelTables.Weights, transaction, out long rowId, hash, Value.Of(0L)) is { } first)
        {
            // Written again as it is, so that a DROP at the same time, which would take it away,
            // and this statement cannot both be committed.
            ModelTables.Update(ModelTables.Weights, transaction, rowId, first);
            return;
        }

        ReadOnlySpan<byte> bytes = ModelFile.BytesOf(tensor);
        for (long piece = 0; bytes.Length > 0; piece++)
        {
            int length = Math.Min(PieceBytesMax, bytes.Length);
            ModelTables.Insert(
                ModelTables.Weights,
                transaction,
                hash,
                Value.Of(piece),
                Value.Of(bytes[..length].ToArray()));
            bytes = bytes[length..];
        }
    }

    private static string FactsOf(ModelPackage package, int headerBytes)
    {
        Model model = package.Model;
        long bytes = headerBytes
            + model.Tensors.Sum(static tensor => 4L * tensor.Data.Length);
        var texts = new Dictionary<string, string>(package.Facts)
        {
            ["architecture"] = model.Architecture,
            ["kind"] = model.Kind,
            ["params"] = model.ParameterCount.ToString(CultureInfo.InvariantCulture),
            ["flop_per_row"] = model.FlopPerRow.ToString(CultureInfo.InvariantCulture),
            ["bytes"] = bytes.ToString(CultureInfo.InvariantCulture),
        };
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach ((string name, string value) in texts)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    private static HashSet<string> UsedHashes(StorageTransaction transaction)
    {
        HashSet<string> used = [];
        TableSnapshot snapshot =
            transaction.Open(ModelTables.Ensure(ModelTables.Tensors, transaction));
        for (int i = 0; i < snapshot.SliceCount; i++)
        {
            TableSlice slice = snapshot.Slice(i);
            ColumnBuffer hashes = slice.Column(4);
            for (int row = 0; row < slice.Count; row++)
            {
                if (slice.IsVisible(row))
                {
                    used.Add(hashes.GetValue(row).AsText());
                }
            }
        }

        return used;
    }
}
