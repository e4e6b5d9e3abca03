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
        foreach ((string name, string constraint, Value[] values) in _open)
        {
            ForeignKeySchema? key = catalog.TryGetTable(name, out TableEntry child)
                ? child.Schema.ForeignKeys.FirstOrDefault(one => one.Name == constraint)
                : null;
            if (key is null)
            {
                continue;
            }

            DataType[] types = [.. key.Ordinals.Select(i => child.Schema.Columns[i].Type)];
            if (!ParentKey.Of(key, catalog, default).IsThere(values, types, context)
                && ChildRows.Find(child, key, [values], context) is not null)
            {
                throw ForeignKeyRun.Missing(child, key, values);
            }
        }

        _open.Clear();
    }
}
