using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// What a schema says of generated columns that ask models. Values that are not made with their
/// rows have a note beside them, a BIGINT: the time in microseconds at which the value was asked
/// for, below zero, until it is made, and 1 from then on. Value and note are of one row, so no
/// crash parts them. Values of another version are made in a column of their own, which takes the
/// place of the old one when it is complete; so a column never mixes versions.
/// </summary>
internal static class AnswerColumns
{
    /// <summary>The note of a value that is made.</summary>
    public const long Made = 1;

    private const string AsyncText = "0";
    private const string SyncText = "1";

    /// <summary>The columns of a table that ask one model each.</summary>
    public static IReadOnlyList<AnswerColumn> Of(TableSchema schema)
    {
        List<AnswerColumn>? found = null;
        for (int i = 0; i < schema.Columns.Count; i++)
        {
            if (Find(schema, i) is { } column)
            {
                (found ??= []).Add(column);
            }
        }

        return found ?? (IReadOnlyList<AnswerColumn>)[];
    }

    /// <summary>The column at a place, or null if it asks no model or several.</summary>
    public static AnswerColumn? Find(TableSchema schema, int ordinal)
    {
        if (schema.Columns[ordinal].GeneratedSql is not { } sql
            || ModelText.Find(sql) is not [{ Version.Number: > 0 } model])
        {
            return null;
        }

        int note = schema.FindColumn(NoteName(ordinal));
        string name = schema.Columns[ordinal].Name;
        int shown = name.StartsWith(NextName(0)[..^1], StringComparison.Ordinal)
            ? int.Parse(name.AsSpan(NextName(0).Length - 1), CultureInfo.InvariantCulture)
            : ordinal;
        return new AnswerColumn(
            ordinal, shown, note, IsAsync(schema, ordinal), model.Name, model.Version.Number);
    }

    /// <summary>The column that is to take the place of another one, or null.</summary>
    public static AnswerColumn? NextOf(TableSchema schema, int ordinal) =>
        schema.FindColumn(NextName(ordinal)) is int next and >= 0 ? Find(schema, next) : null;

    /// <summary>Whether the values of a column come after their rows.</summary>
    public static bool IsAsync(TableSchema schema, int ordinal) =>
        schema.FindColumn(NoteName(ordinal)) is int note and >= 0
        && schema.Columns[note].GeneratedSql == AsyncText;

    /// <summary>Whether a column is a note.</summary>
    public static bool IsNote(ColumnSchema column) =>
        column.Name.StartsWith(NoteName(0)[..^1], StringComparison.Ordinal);

    /// <summary>Whether a table has values that work in the background makes.</summary>
    public static bool HasNotes(TableSchema schema) => schema.Columns.Any(IsNote);

    /// <summary>The note beside a column.</summary>
    /// <param name="ordinal">The place of the column.</param>
    /// <param name="isAsync">Whether new rows are stored without its value.</param>
    /// <param name="initial">The note of the rows that are there.</param>
    public static ColumnSchema NoteOf(int ordinal, bool isAsync, Value initial) =>
        new(NoteName(ordinal), DataType.BigInt)
        {
            GeneratedSql = isAsync ? AsyncText : SyncText,
            Initial = initial,
        };

    /// <summary>The column for the values of another version.</summary>
    public static ColumnSchema NextOf(ColumnSchema column, int ordinal, int version) =>
        column with
        {
            Name = NextName(ordinal),
            GeneratedSql = ModelText.WithVersion(column.GeneratedSql!, version),
            Initial = Value.Null,
        };

    /// <summary>A dropped column in the place of one.</summary>
    public static ColumnSchema Dropped(TableSchema schema, int ordinal, int? movedTo = null) =>
        new(
            movedTo is { } place
                ? ShownColumns.NameOfMoved(ordinal, place)
                : ShownColumns.NameOfDropped(ordinal),
            schema.Columns[ordinal].Type)
        {
            IsHidden = true,
        };

    /// <summary>The schema without the values of another version that are being made.</summary>
    public static TableSchema WithoutNext(TableSchema schema, int ordinal) =>
        NextOf(schema, ordinal) is { } next
            ? WithoutNote(Replace(schema, next.Ordinal, Dropped(schema, next.Ordinal)), next)
            : schema;

    /// <summary>The schema without the note of a column.</summary>
    public static TableSchema WithoutNote(TableSchema schema, AnswerColumn column) =>
        column.Note < 0
            ? schema
            : Replace(schema, column.Note, Dropped(schema, column.Note));

    /// <summary>The schema without what belongs to a column that goes.</summary>
    public static TableSchema Without(TableSchema schema, int ordinal) =>
        Find(schema, ordinal) is { } column
            ? WithoutNote(WithoutNext(schema, ordinal), column)
            : schema;

    /// <summary>The schema with another column in a place.</summary>
    public static TableSchema Replace(TableSchema schema, int ordinal, ColumnSchema column)
    {
        ColumnSchema[] columns = [.. schema.Columns];
        columns[ordinal] = column;
        return schema with { Columns = columns };
    }

    private static string NoteName(int ordinal) => string.Create(
        CultureInfo.InvariantCulture, $"{ColumnSchema.OwnMark}note {ordinal}");

    private static string NextName(int ordinal) => string.Create(
        CultureInfo.InvariantCulture, $"{ColumnSchema.OwnMark}next {ordinal}");
}
