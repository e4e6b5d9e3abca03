using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Foreign keys, generated columns and conditions.</summary>
internal sealed partial class SchemaBuilder
{
    private void AddForeignKey(ForeignKeyConstraintSyntax key, int column)
    {
        int[] ordinals = column >= 0 ? [column] : [.. key.Columns.Select(OrdinalOf)];
        _foreignKeys.Add(new ForeignKeySchema(
            NameOf(key, "fkey"),
            ordinals,
            key.Table.Key,
            [.. key.References.Select(static name => name.Name)])
        {
            OnDelete = key.OnDelete,
            OnUpdate = key.OnUpdate,
            IsDeferred = key.IsDeferred,
        });
    }

    // As in SQLite, the referenced table may be created later; what is there must fit.
    private void CheckParent(ForeignKeySchema key, TableSchema schema, SourcePosition position)
    {
        CatalogView catalog = _binder.Catalog;
        bool isOwn = string.Equals(key.Table, _name, StringComparison.OrdinalIgnoreCase);
        if (isOwn)
        {
            CheckOwnKey(key, schema, position);
            return;
        }

        if (!catalog.TryGetTable(key.Table, out TableEntry parent))
        {
            _binder.Notices.Add(
                $"The foreign key {key.Name} refers to {key.Table}, which is not there yet; until "
                + "it is, only NULL can be stored.");
            return;
        }

        int[] ordinals = ParentKey.Of(key, catalog, position).Ordinals;
        for (int i = 0; i < ordinals.Length; i++)
        {
            CheckTypes(
                key, _columns[key.Ordinals[i]], parent.Schema.Columns[ordinals[i]], position);
        }
    }

    private void CheckOwnKey(ForeignKeySchema key, TableSchema schema, SourcePosition position)
    {
        int[] ordinals = key.Columns.Count > 0
            ? [.. key.Columns.Select(name => OrdinalOf(
                new IdentifierSyntax(name, true) { Position = position }))]
            : schema.Keys.FirstOrDefault(static one => one.IsPrimary)?.Ordinals ?? [];
        bool isKey = ordinals.Length == key.Ordinals.Length
            && schema.Keys.Any(one => one.Ordinals.Order().SequenceEqual(ordinals.Order()));
        if (!isKey)
        {
            throw new NeuroStoreException(
                ErrorCode.UnknownObject,
                $"The foreign key {key.Name} refers to columns of {_name} that are no primary or "
                + "unique key.",
                position);
        }

        for (int i = 0; i < ordinals.Length; i++)
        {
            CheckTypes(key, _columns[key.Ordinals[i]], _columns[ordinals[i]], position);
        }
    }

    private static void CheckTypes(
        ForeignKeySchema key, ColumnSchema child, ColumnSchema parent, SourcePosition position)
    {
        if (child.Typing != ColumnTyping.Open && parent.Typing != ColumnTyping.Open
            && child.Type.Physical != parent.Type.Physical
            && !(child.Type.IsNumeric && parent.Type.IsNumeric))
        {
            throw new NeuroStoreException(
                ErrorCode.TypeMismatch,
                $"The foreign key {key.Name}: {child.Name} is {child.Type}, and {parent.Name} that "
                + $"it refers to is {parent.Type}.",
                position);
        }
    }

    private void AddGenerated(GeneratedConstraintSyntax generated, int ordinal)
    {
        Invariant.Check(ordinal >= 0);
        ColumnSchema column = _columns[ordinal];
        if (column.DefaultSql is not null)
        {
            throw new NeuroStoreException(
                ErrorCode.GeneratedColumn,
                $"The column {column.Name} is generated and takes no DEFAULT.",
                generated.Position);
        }

        column = column with
        {
            GeneratedSql = ModelText.Pin(generated.ValueText, _binder.Catalog),
            IsVirtual = generated.IsVirtual,
        };
        _columns[ordinal] = column;
        Expression value = TableWriter.BindGenerated(column, _binder, ScopeOf(column));
        RequireOwnRow(value, generated.Position);
        if (value.Any(static part => !part.IsDeterministic))
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                $"The column {column.Name} must depend on its row alone: the time, random values "
                + "and the session have no place in it.",
                generated.Position);
        }

        if (generated.IsAsync)
        {
            _asynchronous.Add(ordinal);
        }
    }

    // Rows are stored without the value, so nothing may depend on its being there.
    private void AddNote(int ordinal, SourcePosition position)
    {
        ColumnSchema column = _columns[ordinal];
        var schema = new TableSchema { Name = _name, Columns = _columns };
        if (AnswerColumns.Find(schema, ordinal) is null)
        {
            throw new NeuroStoreException(
                ErrorCode.GeneratedColumn,
                $"The column {column.Name} asks no model, or several: only the answers of one "
                + "model are computed in the background. Leave ASYNC out.",
                position);
        }

        if (!column.IsNullable || _keys.Any(key => key.Ordinals.Contains(ordinal))
            || _foreignKeys.Any(key => key.Ordinals.Contains(ordinal)))
        {
            throw new NeuroStoreException(
                ErrorCode.GeneratedColumn,
                $"The column {column.Name} is ASYNC, so that rows are stored without its value: "
                + "it cannot be NOT NULL nor part of a key.",
                position);
        }

        _columns.Add(AnswerColumns.NoteOf(ordinal, isAsync: true, Value.Null));
    }

    private void AddIdentity(IdentityConstraintSyntax identity, int ordinal)
    {
        Invariant.Check(ordinal >= 0);
        ColumnSchema column = _columns[ordinal];
        if (!column.Type.IsInteger)
        {
            throw new NeuroStoreException(
                ErrorCode.TypeMismatch,
                $"The column {column.Name} is {column.Type}; an identity is INTEGER or BIGINT.",
                identity.Position);
        }

        column = column with
        {
            Identity = identity.IsAlways ? ColumnIdentity.Always : ColumnIdentity.ByDefault,
            IsNullable = false,
        };
        if (identity.Options is null && _serialOrdinal < 0)
        {
            _serialOrdinal = ordinal;
        }
        else
        {
            string name = $"{_name}_{column.Name}_seq";
            _sequences.Add(new NewSequence(name, identity.Options ?? new SequenceOptions()));
            column = column with { DefaultSql = $"nextval({SqlText.Literal(name)})" };
        }

        _columns[ordinal] = column;
    }

    private void Verify(CheckConstraintSyntax check) =>
        RequireOwnRow(_binder.BindCondition(check.Condition, ScopeOf(null)), check.Position);

    // A generated column does not see itself or other generated ones.
    private Scope ScopeOf(ColumnSchema? generated)
    {
        var scope = new Scope();
        scope.AddAll(_name, _columns
            .Where(column => !column.IsUnseen
                && (generated is null || column.GeneratedSql is null))
            .Select(column => _binder.Identifiers.NewColumn(column.Name, column.Type)));
        return scope;
    }

    private static void RequireOwnRow(Expression expression, SourcePosition position)
    {
        if (expression.Any(node => node is SubqueryExpression or ParameterExpression))
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                "CHECK, DEFAULT and generated columns may not use subqueries or parameters.",
                position);
        }
    }
}
