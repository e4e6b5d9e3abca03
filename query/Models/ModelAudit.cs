using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// Writes down what happened to models, within the transaction that did it: what is rolled back
/// leaves no line. The lines of a model stay when it is dropped.
/// </summary>
internal static class ModelAudit
{
    private const int BytesColumn = 7;

    /// <summary>Adds a line.</summary>
    /// <param name="action">What was done: create, retrain, alter, drop.</param>
    /// <param name="model">The name of the model.</param>
    /// <param name="version">The version, or 0 for the model as a whole.</param>
    /// <param name="syntax">The statement.</param>
    /// <param name="context">The transaction and the time.</param>
    public static void Add(
        string action,
        string model,
        int version,
        StatementSyntax syntax,
        ExecutionContext context) => Add(action, model, version, syntax.Text, 0, context);

    /// <summary>Drops a version, and writes down how many bytes of numbers that freed.</summary>
    public static void Drop(string model, ModelVersionInfo version, ExecutionContext context)
    {
        long freed = ModelWriter.Delete(version.Identity, context.Transaction);
        Add("drop version", model, version.Number, null, freed, context);
    }

    /// <summary>The lines of all models, by name and number.</summary>
    public static IEnumerable<Value[]> Rows(ExecutionContext context) =>
        ModelTables.AllRows(ModelTables.Audit, context.Transaction)
            .OrderBy(static row => row[2].AsInt64())
            .ThenBy(static row => row[0].AsText(), StringComparer.Ordinal)
            .ThenBy(static row => row[1].AsInt64())
            .Select(static row => new[]
            {
                row[2], row[3], row[4], row[5], row[6], row[BytesColumn],
            });

    /// <summary>Bytes of numbers that were freed so far.</summary>
    public static long FreedBytes(ExecutionContext context) =>
        ModelTables.AllRows(ModelTables.Audit, context.Transaction)
            .Sum(static row => row[BytesColumn].IsNull ? 0 : row[BytesColumn].AsInt64());

    private static void Add(
        string action,
        string model,
        int version,
        string? statement,
        long freedBytes,
        ExecutionContext context)
    {
        string key = model.ToLower(CultureInfo.InvariantCulture);
        long number = 1 + ModelTables.RowsOf(
            ModelTables.Audit, context.Transaction, key, 1).LongCount();
        ModelTables.Insert(
            ModelTables.Audit,
            context.Transaction,
            Value.Of(key),
            Value.Of(number),
            Value.OfTimestamp(context.NowMicroseconds),
            Value.Of(action),
            Value.Of(model),
            version == 0 ? Value.Null : Value.Of((long)version),
            string.IsNullOrEmpty(statement) ? Value.Null : Value.Of(statement.Trim()),
            freedBytes == 0 ? Value.Null : Value.Of(freedBytes));
    }
}
