using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The foreign keys that a transaction has still to satisfy when it commits. What was put right
/// meanwhile is seen then. Owned by the session.
/// </summary>
internal sealed class ConstraintQueue
{
    private readonly List<(string Child, string Constraint, Value[] Values)> _open = [];

    /// <summary>Whether there is anything to look at.</summary>
    public bool IsEmpty => _open.Count == 0;

    /// <summary>Notes a key that rows of a table refer to and that is not there.</summary>
    public void Add(TableEntry child, ForeignKeySchema key, Value[] values) =>
        _open.Add((child.Schema.Name, key.Name, values));

    /// <summary>Raises an error if a key that is referred to is not there.</summary>
    public void Check(ExecutionContext context)
    {
        CatalogView catalog = context.Transaction.Catalog;
        foreach (var open in _open.GroupBy(static one => (one.Child, one.Constraint)))
        {
            ForeignKeySchema? key = catalog.TryGetTable(open.Key.Child, out TableEntry child)
                ? child.Schema.ForeignKeys.FirstOrDefault(one => one.Name == open.Key.Constraint)
                : null;
            if (key is null)
            {
                continue;
            }

            DataType[] types = [.. key.Ordinals.Select(i => child.Schema.Columns[i].Type)];
            Value[][] absent = ParentKey.Of(key, catalog, default).Absent(
                [.. open.Select(static one => one.Values).Distinct(KeyValues.Comparer)],
                types,
                context);
            if (absent.Length > 0
                && ChildRows.Find(child, key, absent, context) is { } referencing)
            {
                throw ForeignKeyRun.Missing(
                    child, key, KeyValues.Of(referencing, ChildRows.Places(key), 0)!);
            }
        }

        _open.Clear();
    }
}
