using System.Text.Json;
using NeuroDb.Neural;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Reads a version of a model from the store.</summary>
internal static class ModelReader
{
    /// <summary>All that is stored of a version.</summary>
    public static ModelPackage Read(string identity, StorageTransaction transaction)
    {
        Value[] row = ModelTables.Find(
            ModelTables.Versions, transaction, out _, Value.Of(identity))
            ?? throw Missing("its header");
        int ordinal = 0;
        return ModelFile.Read(
            row[1].AsBlob(), entry => Tensor(identity, ordinal++, entry, transaction));
    }

    /// <summary>
    /// The facts of a version without its weights, also as texts, with those of its model: params,
    /// bytes, architecture; and how often its test rows were used.
    /// </summary>
    public static (ModelFacts Facts, IReadOnlyDictionary<string, string> Texts, long TestUses)
        ReadFacts(string identity, StorageTransaction transaction)
    {
        Value[] row = ModelTables.Find(
            ModelTables.Versions, transaction, out _, Value.Of(identity))
            ?? throw Missing("its header");
        Dictionary<string, string> texts = [];
        using JsonDocument document = JsonDocument.Parse(row[2].AsText());
        foreach (JsonProperty fact in document.RootElement.EnumerateObject())
        {
            texts[fact.Name] = fact.Value.GetString()!;
        }

        return (ModelFacts.Of(texts), texts, row[3].AsInt64());
    }

    private static ReadOnlyMemory<byte> Tensor(
        string identity, int ordinal, TensorEntry entry, StorageTransaction transaction)
    {
        Value[] row = ModelTables.Find(
            ModelTables.Tensors,
            transaction,
            out _,
            Value.Of(identity),
            Value.Of((long)ordinal)) ?? throw Missing(entry.Name);
        if (!row[5].IsNull)
        {
            return row[5].AsBlob();
        }

        var bytes = new byte[entry.SizeBytes];
        int at = 0;
        for (long piece = 0; at < bytes.Length; piece++)
        {
            Value[] part = ModelTables.Find(
                ModelTables.Weights,
                transaction,
                out _,
                Value.Of(entry.Sha256),
                Value.Of(piece)) ?? throw Missing(entry.Name);
            byte[] data = part[2].AsBlob();
            if (data.Length == 0 || data.Length > bytes.Length - at)
            {
                throw Missing(entry.Name);
            }

            data.CopyTo(bytes, at);
            at += data.Length;
        }

        return bytes;
    }

    private static NeuroStoreException Missing(string what) => new(
        ErrorCode.MalformedModel,
        $"The model cannot be read: {what} is missing. Use another version, or train again.");
}
