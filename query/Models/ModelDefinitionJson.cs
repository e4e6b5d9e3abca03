using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>The text in which the catalog holds a model.</summary>
internal static class ModelDefinitionJson
{
    private static readonly ConditionalWeakTable<CatalogObject, ModelDefinition> Known = [];

    /// <summary>The model that an object of the catalog holds.</summary>
    public static ModelDefinition Of(CatalogObject value)
    {
        Invariant.Check(value.Kind == CatalogObjectKind.Model);
        return Known.GetValue(value, static it => Read(it));
    }

    /// <summary>The text of a model.</summary>
    public static string Write(ModelDefinition model)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("sql", model.Sql);
            writer.WriteString("owner", model.Owner);
            writer.WriteNumber("created", model.CreatedMicroseconds);
            writer.WriteNumber("live", model.Live);
            writer.WriteNumber("next", model.Next);
            writer.WriteStartArray("history");
            foreach (int number in model.History)
            {
                writer.WriteNumberValue(number);
            }

            writer.WriteEndArray();
            writer.WriteStartObject("policies");
            foreach ((string name, string value) in model.Policies)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
            writer.WriteStartArray("versions");
            foreach (ModelVersionInfo version in model.Versions)
            {
                Write(version, writer);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    /// <summary>The text of one version, for a file outside the database.</summary>
    public static string WriteVersion(ModelVersionInfo version)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            Write(version, writer);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    /// <summary>The version of such a text; null if it is none.</summary>
    public static ModelVersionInfo? ReadVersion(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return ReadVersion(document.RootElement);
        }
        catch (Exception error) when (IsMalformed(error))
        {
            return null;
        }
    }

    private static void Write(ModelVersionInfo version, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("number", version.Number);
        writer.WriteString("identity", version.Identity);
        writer.WriteNumber("task", (int)version.Task);
        writer.WriteString("target", version.Target);
        writer.WriteNumber("flop", version.FlopPerRow);
        writer.WriteNumber("embedding", version.EmbeddingLength);
        Write("type", version.TargetType, writer);
        if (version.Others.Count > 0)
        {
            Write("others", version.Others, writer);
        }

        Write("inputs", version.Inputs, writer);
        writer.WriteEndObject();
    }

    private static void Write(
        string name, IReadOnlyList<ModelColumn> columns, Utf8JsonWriter writer)
    {
        writer.WriteStartArray(name);
        foreach (ModelColumn column in columns)
        {
            writer.WriteStartObject();
            writer.WriteString("name", column.Name);
            Write("type", column.Type, writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(string name, DataType type, Utf8JsonWriter writer)
    {
        writer.WriteStartArray(name);
        writer.WriteNumberValue((int)type.Kind);
        writer.WriteNumberValue(type.Length);
        writer.WriteNumberValue(type.Scale);
        writer.WriteEndArray();
    }

    private static ModelDefinition Read(CatalogObject value)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(value.Sql);
            JsonElement root = document.RootElement;
            var model = new ModelDefinition
            {
                Name = value.Name,
                Sql = root.GetProperty("sql").GetString()!,
                Owner = root.TryGetProperty("owner", out JsonElement owner)
                    ? owner.GetString()! : "main",
                CreatedMicroseconds = root.GetProperty("created").GetInt64(),
                Live = root.GetProperty("live").GetInt32(),
                Next = root.GetProperty("next").GetInt32(),
                History = [.. root.GetProperty("history").EnumerateArray()
                    .Select(static it => it.GetInt32())],
                Policies = root.GetProperty("policies").EnumerateObject().ToDictionary(
                    static it => it.Name, static it => it.Value.GetString()!),
                Versions = [.. root.GetProperty("versions").EnumerateArray().Select(ReadVersion)],
            };
            return model.Versions.Any(version => version.Number == model.Live)
                ? model
                : throw Malformed(value, "its live version is missing");
        }
        catch (Exception error) when (IsMalformed(error))
        {
            throw Malformed(value, error.Message);
        }
    }

    private static bool IsMalformed(Exception error) => error is JsonException
        or InvalidOperationException or KeyNotFoundException or FormatException
        or IndexOutOfRangeException or ArgumentException;

    private static ModelVersionInfo ReadVersion(JsonElement version) => new()
    {
        Number = version.GetProperty("number").GetInt32(),
        Identity = version.GetProperty("identity").GetString()!,
        Task = (ModelTask)version.GetProperty("task").GetInt32(),
        Target = version.GetProperty("target").GetString()!,
        FlopPerRow = version.TryGetProperty("flop", out JsonElement flop) ? flop.GetInt64() : 0,
        EmbeddingLength = version.TryGetProperty("embedding", out JsonElement embedding)
            ? embedding.GetInt32() : 0,
        TargetType = ReadType(version.GetProperty("type")),
        Others = version.TryGetProperty("others", out JsonElement others)
            ? ReadColumns(others) : [],
        Inputs = ReadColumns(version.GetProperty("inputs")),
    };

    private static ModelColumn[] ReadColumns(JsonElement columns) =>
    [
        .. columns.EnumerateArray().Select(static column => new ModelColumn(
            column.GetProperty("name").GetString()!, ReadType(column.GetProperty("type")))),
    ];

    private static DataType ReadType(JsonElement type) => DataType.FromParts(
        (TypeKind)type[0].GetInt32(), type[1].GetInt32(), type[2].GetByte());

    private static NeuroStoreException Malformed(CatalogObject value, string detail) => new(
        ErrorCode.MalformedModel,
        $"The definition of the model {value.Name} cannot be read: {detail}.");
}
