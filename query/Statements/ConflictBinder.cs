using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Binds ON CONFLICT and OR of INSERT.</summary>
internal sealed class ConflictBinder(TableEntry table, Binder binder)
{
    private readonly UniqueKey[] _keys = UniqueKey.AllOf(table, binder.Catalog);

    /// <summary>The clauses of a statement, in order; empty if a conflict is an error.</summary>
    public IReadOnlyList<ConflictClause> Bind(InsertStatementSyntax syntax)
    {
        if (syntax.Resolution != ConflictResolution.Fail)
        {
            bool isReplace = syntax.Resolution == ConflictResolution.Replace;
            return [new ConflictClause(_keys, isReplace, null, null)];
        }

        return [.. syntax.Conflicts.Select(conflict => Bind(conflict, syntax.Alias))];
    }

    private ConflictClause Bind(ConflictSyntax conflict, IdentifierSyntax? alias)
    {
        UniqueKey[] keys = KeysOf(conflict);
        if (conflict.Assignments.Count == 0)
        {
            return new ConflictClause(keys, false, null, null);
        }

        LogicalScan there = binder.Scan(table, alias?.Name);
        LogicalScan proposed = binder.Scan(table, "excluded");
        Scope scope = binder.NewScope();
        scope.AddAll(there.Alias, there.Output);
        foreach (OutputColumn column in proposed.Output)
        {
            // Only the qualified name means the new row.
            scope.Add(ScopeColumn.Of("excluded", column) with { IsMerged = true });
        }

        OutputColumn[] both = [.. there.Output, .. proposed.Output];
        var planner = new Planner(binder.Identifiers);
        Expression?[] values = UpdateBinder.BindAssignments(
            conflict.Assignments, table, scope, binder);
        return new ConflictClause(
            keys,
            false,
            [.. values.Select(value => value is null ? null : planner.Resolve(value, both))],
            conflict.Where is null
                ? null
                : planner.Resolve(binder.BindCondition(conflict.Where, scope), both));
    }

    private UniqueKey[] KeysOf(ConflictSyntax conflict)
    {
        if (conflict.Constraint is { } name)
        {
            UniqueKey? named = Array.Find(_keys, key =>
                string.Equals(key.Name, name.Name, StringComparison.OrdinalIgnoreCase));
            return named is not null
                ? [named]
                : throw NoKey($"of the name {name.Name}", name.Position);
        }

        if (conflict.Keys.Count > 0)
        {
            return [OfExpressions(conflict)];
        }

        if (conflict.Columns.Count == 0)
        {
            return _keys;
        }

        HashSet<int> ordinals =
            [.. conflict.Columns.Select(column => SchemaLookup.Ordinal(table.Schema, column))];
        UniqueKey? found = Array.Find(_keys, key => ordinals.SetEquals(key.Ordinals));
        string columns = string.Join(", ", conflict.Columns.Select(column => column.Name));
        return found is not null
            ? [found]
            : throw NoKey($"over ({columns})", conflict.Position);
    }

    // The index whose expressions are named, and whose condition is written too.
    private UniqueKey OfExpressions(ConflictSyntax conflict)
    {
        LogicalScan scan = binder.Scan(table, null);
        Scope scope = binder.ScopeOf(scan);
        Expression[] targets = [.. conflict.Keys.Select(key => binder.BindScalar(key, scope))];
        List<Expression> held = [];
        if (conflict.KeyWhere is { } where)
        {
            Conjuncts.Split(binder.BindCondition(where, scope), held);
        }

        bool IsNamed(int ordinal)
        {
            OutputColumn column = scan.Columns[ordinal].Column;
            IndexedExpression own =
                scan.Indexed.FirstOrDefault(item => item.Column.Ordinal == ordinal)
                ?? new IndexedExpression(
                    scan.Columns[ordinal],
                    new ColumnExpression(column.Id, column.Name, column.Type),
                    []);
            return Array.Exists(
                    targets, target => ExpressionEquality.AreEqual(target, own.Value))
                && own.Conditions.All(condition =>
                    held.Exists(part => ExpressionEquality.AreEqual(part, condition)));
        }

        return Array.Find(
            _keys, key => key.Ordinals.Length == targets.Length && key.Ordinals.All(IsNamed))
            ?? throw NoKey($"over ({string.Join<Expression>(", ", targets)})", conflict.Position);
    }

    private NeuroStoreException NoKey(string which, SourcePosition position)
    {
        IEnumerable<string> known = _keys.Select(key =>
            $"{key.Name} ({string.Join(", ", key.Ordinals.Select(ordinal =>
                IndexKeyColumns.Shown(table.Schema.Columns[ordinal])))})");
        return new NeuroStoreException(
            ErrorCode.UnknownColumn,
            $"The table {table.Schema.Name} has no primary or unique key and no unique index "
            + $"{which}; it has "
            + (_keys.Length == 0 ? "none." : $"{string.Join(", ", known)}."),
            position);
    }
}
