using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Reads the rows of a table that have one of some primary or unique keys, through the key's
/// index, in the order of the keys; each row once.
/// </summary>
internal sealed class KeyLookup(
    TableEntry table,
    int keyOrdinal,
    Expression[][] keys,
    int[] ordinals,
    bool withRowAddress,
    IReadOnlyList<OutputColumn> output)
    : PlanNode(output)
{
    /// <summary>The table.</summary>
    public TableEntry Table { get; } = table;

    /// <summary>The index into the keys of the schema.</summary>
    public int KeyOrdinal { get; } = keyOrdinal;

    /// <summary>The keys; for each a value without columns for each column of the key.</summary>
    public Expression[][] Keys { get; } = keys;

    /// <summary>The ordinals of the columns read.</summary>
    public int[] Ordinals { get; } = ordinals;

    /// <summary>Whether the last column is where the row lies.</summary>
    public bool WithRowAddress { get; } = withRowAddress;

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => Keys.SelectMany(key => key);

    /// <inheritdoc/>
    public override string Describe()
    {
        KeySchema key = Table.Schema.Keys[KeyOrdinal];
        IEnumerable<string> names = key.Ordinals.Select(i => Table.Schema.Columns[i].Name);
        string what = Keys.Length == 1
            ? string.Join(", ", Keys[0].Select(value => value.ToString()))
            : $"{Keys.Length} keys";
        string kind = key.IsPrimary ? "primary key" : "unique key";
        string how = Keys.Length == 1 ? "lookup" : "batched lookup";
        return $"{how} {Table.Schema.Name} by {kind} ({string.Join(", ", names)}) = {what}";
    }

    /// <inheritdoc/>
    public override PlanNode? TrySelect(
        int[] ordinals, IReadOnlyList<OutputColumn> columns) =>
        ordinals.SkipLast(1).Any(ordinal => !IsOrdinary(ordinal)) ? null : new KeyLookup(
            Table,
            KeyOrdinal,
            Keys,
            [.. ordinals.Where(IsOrdinary).Select(ordinal => Ordinals[ordinal])],
            ordinals.Any(ordinal => !IsOrdinary(ordinal)),
            columns)
        {
            Estimate = Estimate,
        };

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new KeyLookupCursor(this, context);

    private bool IsOrdinary(int ordinal) => ordinal < Ordinals.Length;
}
