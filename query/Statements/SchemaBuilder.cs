using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// Makes a table schema of CREATE TABLE and checks that it makes sense: names are unique, keys
/// name columns, defaults fit their columns, checks are conditions over the table.
/// </summary>
internal sealed class SchemaBuilder
{
    private readonly CreateTableStatementSyntax _syntax;
    private readonly List<ColumnSchema> _columns = [];
    private readonly List<KeySchema> _keys = [];
    private readonly List<CheckSchema> _checks = [];
    private int _serialOrdinal = -1;

    private SchemaBuilder(CreateTableStatementSyntax syntax) => _syntax = syntax;

    /// <summary>The schema of a statement.</summary>
    public static TableSchema Build(CreateTableStatementSyntax syntax, Binder binder)
    {
        var builder = new SchemaBuilder(syntax);
        foreach (ColumnDefinitionSyntax column in syntax.Columns)
        {
            builder.AddColumn(column);
        }

        CheckNames(builder._columns, syntax.Position);
        for (int i = 0; i < syntax.Columns.Count; i++)
        {
            builder.AddConstraints(syntax.Columns[i].Constraints, i);
        }

        builder.AddConstraints(syntax.Constraints, -1);
        TableSchema schema = builder.Finish();
        builder.Verify(schema, binder);
        return schema;
    }

    /// <summary>Raises an error if two columns have one name.</summary>
    public static void CheckNames(IReadOnlyList<ColumnSchema> columns, SourcePosition position)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (ColumnSchema column in columns)
        {
            if (!seen.Add(column.Name))
            {
                throw new NeuroStoreException(
                    ErrorCode.DuplicateName,
                    $"Two columns have the name {column.Name}.",
                    position);
            }
        }
    }

    private void AddColumn(ColumnDefinitionSyntax syntax)
    {
        if (syntax.Type is null)
        {
            throw new NeuroStoreException(
                ErrorCode.UnknownType,
                $"The column {syntax.Name.Name} has no type; write one, such as TEXT or BIGINT.",
                syntax.Position);
        }

        bool isSerial = TypeNames.TryResolveSerial(syntax.Type, out DataType type);
        if (isSerial)
        {
            TakeSerial(syntax);
        }
        else
        {
            type = TypeNames.Resolve(syntax.Type);
        }

        bool isNullable = !isSerial && !syntax.Constraints.Any(constraint =>
            constraint is NullConstraintSyntax { IsNullable: false }
                or KeyConstraintSyntax { IsPrimary: true });
        string? defaultSql = syntax.Constraints
            .OfType<DefaultConstraintSyntax>().LastOrDefault()?.ValueText;
        _columns.Add(new ColumnSchema(
            syntax.Name.Name, type, isNullable, defaultSql));
    }

    private void TakeSerial(ColumnDefinitionSyntax syntax)
    {
        if (_serialOrdinal >= 0)
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                $"The table {_syntax.Name.Text} has two SERIAL columns; one column can number "
                + "the rows.",
                syntax.Position);
        }

        _serialOrdinal = _columns.Count;
    }

    private void AddConstraints(IReadOnlyList<ConstraintSyntax> constraints, int column)
    {
        foreach (ConstraintSyntax constraint in constraints)
        {
            switch (constraint)
            {
                case KeyConstraintSyntax key:
                    AddKey(key, column);
                    break;
                case CheckConstraintSyntax check:
                    _checks.Add(new CheckSchema(
                        NameOf(check, "check", _checks.Count), check.ConditionText));
                    break;
                default:
                    Invariant.Check(constraint is NullConstraintSyntax or DefaultConstraintSyntax);
                    break;
            }
        }
    }

    private void AddKey(KeyConstraintSyntax key, int column)
    {
        if (key.IsPrimary && _keys.Any(known => known.IsPrimary))
        {
            throw new NeuroStoreException(
                ErrorCode.DuplicateName,
                $"The table {_syntax.Name.Text} has two primary keys.",
                key.Position);
        }

        int[] ordinals = column >= 0 ? [column] : [.. key.Columns.Select(OrdinalOf)];
        if (key.IsPrimary)
        {
            foreach (int ordinal in ordinals)
            {
                _columns[ordinal] = _columns[ordinal] with { IsNullable = false };
            }
        }

        string suffix = key.IsPrimary ? "pkey" : "key";
        _keys.Add(new KeySchema(NameOf(key, suffix, _keys.Count), ordinals, key.IsPrimary));
    }

    private int OrdinalOf(IdentifierSyntax name) => SchemaLookup.Ordinal(
        new TableSchema { Name = _syntax.Name.Last, Columns = _columns }, name);

    private string NameOf(ConstraintSyntax constraint, string suffix, int number) =>
        constraint.Name?.Name ?? string.Create(
            CultureInfo.InvariantCulture,
            $"{_syntax.Name.Last}_{suffix}{(number == 0 ? "" : number + 1)}");

    private TableSchema Finish()
    {
        KeySchema? primary = _keys.Find(key => key.IsPrimary);
        bool hasIdentity = primary is { Ordinals: [int only] } && _columns[only].Type.IsInteger;
        return new TableSchema
        {
            Name = _syntax.Name.Last,
            Columns = _columns,
            Keys = [.. _keys.OrderByDescending(key => key.IsPrimary)],
            Checks = _checks,
            IdentityOrdinal = _serialOrdinal >= 0 ? _serialOrdinal
                : hasIdentity ? primary!.Ordinals[0]
                : -1,
        };
    }

    private void Verify(TableSchema schema, Binder binder)
    {
        var scope = new Scope();
        scope.AddAll(schema.Name, _columns.Select(column =>
            binder.Identifiers.NewColumn(column.Name, column.Type)));
        foreach (CheckConstraintSyntax check in _syntax.Columns
            .SelectMany(column => column.Constraints)
            .Concat(_syntax.Constraints)
            .OfType<CheckConstraintSyntax>())
        {
            RequireOwnRow(binder.BindCondition(check.Condition, scope), check.Position);
        }

        foreach (ColumnSchema column in _columns)
        {
            RequireOwnRow(InsertBinder.BindDefault(column, binder), _syntax.Position);
        }
    }

    private static void RequireOwnRow(Expression expression, SourcePosition position)
    {
        if (expression.Any(node => node is SubqueryExpression or ParameterExpression))
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                "CHECK and DEFAULT may not use subqueries or parameters.",
                position);
        }
    }
}
