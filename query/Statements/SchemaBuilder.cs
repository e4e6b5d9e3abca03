using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// Makes a table schema of CREATE TABLE and ALTER TABLE and checks that it makes sense: names are
/// unique, keys name columns, defaults fit their columns, checks are conditions over the table.
/// </summary>
internal sealed partial class SchemaBuilder
{
    private readonly string _name;
    private readonly Binder _binder;
    private readonly List<ColumnSchema> _columns = [];
    private readonly List<KeySchema> _keys = [];
    private readonly List<CheckSchema> _checks = [];
    private readonly List<ForeignKeySchema> _foreignKeys = [];
    private readonly List<NewSequence> _sequences = [];
    private readonly List<int> _asynchronous = [];
    private int _serialOrdinal = -1;

    private SchemaBuilder(string name, Binder binder)
    {
        _name = name;
        _binder = binder;
    }

    private SchemaBuilder(TableSchema schema, Binder binder)
        : this(schema.Name, binder)
    {
        _columns.AddRange(schema.Columns);
        _keys.AddRange(schema.Keys);
        _checks.AddRange(schema.Checks);
        _foreignKeys.AddRange(schema.ForeignKeys);
        _serialOrdinal = schema.IdentityOrdinal;
    }

    /// <summary>The schema of a statement, and the sequences that its columns need.</summary>
    public static TableSchema Build(
        CreateTableStatementSyntax syntax,
        Binder binder,
        out IReadOnlyList<NewSequence> sequences)
    {
        var builder = new SchemaBuilder(syntax.Name.Key, binder);
        syntax = syntax with
        {
            Columns = GeneratedTypes.Resolve(syntax.Columns, syntax.Name.Last, binder),
        };
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
        sequences = builder._sequences;
        return builder.Finish(syntax.Position);
    }

    /// <summary>The schema with one more column, and the sequences that it needs.</summary>
    public static TableSchema Extend(
        TableSchema schema,
        ColumnDefinitionSyntax column,
        Binder binder,
        out IReadOnlyList<NewSequence> sequences)
    {
        var builder = new SchemaBuilder(schema, binder);
        builder.AddColumn(column);
        builder.AddConstraints(column.Constraints, schema.Columns.Count);
        sequences = builder._sequences;
        return builder.Finish(column.Position);
    }

    /// <summary>The schema with one more constraint.</summary>
    public static TableSchema Extend(
        TableSchema schema, ConstraintSyntax constraint, Binder binder)
    {
        var builder = new SchemaBuilder(schema, binder);
        builder.AddConstraints([constraint], -1);
        return builder.Finish(constraint.Position);
    }

    /// <summary>Creates the sequences that a new table or column needs.</summary>
    public static void Create(
        IReadOnlyList<NewSequence> sequences, ExecutionContext context, SourcePosition position)
    {
        foreach (NewSequence sequence in sequences)
        {
            SequenceStore.Create(sequence.Name, sequence.Options, context, position);
        }
    }

    /// <summary>Raises an error for a name that only columns of the engine have.</summary>
    public static void CheckName(IdentifierSyntax name)
    {
        if (name.Name.StartsWith(ColumnSchema.OwnMark))
        {
            throw SyntaxErrors.At(name.Position, "names do not begin with a control character");
        }
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

    /// <summary>The name of a collation in lower case; an error if there is none.</summary>
    public static string? CollationOf(IdentifierSyntax name)
    {
        Collation collation = CollateExpression.Of(name);
        return collation == Collation.Binary ? null : CollateExpression.NameOf(collation);
    }

    /// <summary>The type of a column with a collation, by which its keys compare.</summary>
    public static DataType WithCollation(DataType type, string? collation) =>
        type.Kind == TypeKind.Text && collation is not null
            ? DataType.TextOf((byte)CollateExpression.Of(new IdentifierSyntax(collation, false)))
            : type.WithoutCollation;

    private void AddColumn(ColumnDefinitionSyntax syntax)
    {
        CheckName(syntax.Name);
        DataType type = default;
        bool isSerial = syntax.Type is { } given
            && TypeNames.TryResolveSerial(given, out type);
        string? ownSequence = null;
        ColumnTyping typing = ColumnTyping.Declared;
        if (isSerial)
        {
            ownSequence = TakeSerial(syntax);
        }
        else if (syntax.Type is not null)
        {
            type = TypeNames.Resolve(syntax.Type, _binder.Catalog);
        }
        else
        {
            (type, typing) = OpenTypes.Of(syntax, _binder);
        }

        CreateTypeStatementSyntax? domain = syntax.Type is null
            ? null
            : TypeDefinition.FindDomain(syntax.Type, _binder.Catalog);
        if (domain is not null)
        {
            string check = DomainRules.CheckSql(domain, syntax.Name.Name);
            _checks.Add(new CheckSchema(NameOf(new NullConstraintSyntax(true), "check"), check));
        }

        bool isNullable = !isSerial && !syntax.Constraints.Any(constraint =>
            constraint is NullConstraintSyntax { IsNullable: false }
                or KeyConstraintSyntax { IsPrimary: true } or IdentityConstraintSyntax);
        string? defaultSql = syntax.Constraints
            .OfType<DefaultConstraintSyntax>().LastOrDefault()?.ValueText
            ?? ownSequence ?? DomainDefault(domain);
        CollateConstraintSyntax? collate =
            syntax.Constraints.OfType<CollateConstraintSyntax>().LastOrDefault();
        string? collation = collate is null ? null : CollationOf(collate.Collation);
        _columns.Add(new ColumnSchema(
            syntax.Name.Name, WithCollation(type, collation), isNullable, defaultSql)
        {
            Collation = collation,
            Typing = typing,
        });
    }

    private string? DomainDefault(CreateTypeStatementSyntax? domain)
    {
        string? value = null;
        for (; domain is not null && value is null;
            domain = TypeDefinition.FindDomain(domain.Type, _binder.Catalog))
        {
            value = domain.Constraints.OfType<DefaultConstraintSyntax>()
                .LastOrDefault()?.ValueText;
        }

        return value;
    }

    // One column numbers the rows; each further one has a sequence, and this is its default.
    private string? TakeSerial(ColumnDefinitionSyntax syntax)
    {
        if (_serialOrdinal < 0)
        {
            _serialOrdinal = _columns.Count;
            return null;
        }

        string name = $"{_name}_{syntax.Name.Name}_seq";
        _sequences.Add(new NewSequence(name, new SequenceOptions()));
        return $"nextval({SqlText.Literal(name)})";
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
                        NameOf(check, "check"), check.ConditionText));
                    Verify(check);
                    break;
                case ForeignKeyConstraintSyntax key:
                    AddForeignKey(key, column);
                    break;
                case DeferrableConstraintSyntax deferrable when _foreignKeys.Count > 0:
                    _foreignKeys[^1] =
                        _foreignKeys[^1] with { IsDeferred = deferrable.IsDeferred };
                    break;
                case GeneratedConstraintSyntax generated:
                    AddGenerated(generated, column);
                    break;
                case IdentityConstraintSyntax identity:
                    AddIdentity(identity, column);
                    break;
                default:
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
                $"The table {_name} has two primary keys.",
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
        _keys.Add(new KeySchema(NameOf(key, suffix), ordinals, key.IsPrimary));
    }

    private int OrdinalOf(IdentifierSyntax name) => SchemaLookup.Ordinal(
        new TableSchema { Name = _name, Columns = _columns }, name);

    private string NameOf(ConstraintSyntax constraint, string suffix)
    {
        IEnumerable<string> names = _keys.Select(static key => key.Name)
            .Concat(_checks.Select(static check => check.Name))
            .Concat(_foreignKeys.Select(static key => key.Name));
        if (constraint.Name is { } given)
        {
            return names.Contains(given.Name, StringComparer.OrdinalIgnoreCase)
                ? throw new NeuroStoreException(
                    ErrorCode.ObjectExists,
                    $"The table {_name} has two constraints with the name {given.Name}.",
                    given.Position)
                : given.Name;
        }

        int number = suffix == "check" ? _checks.Count
            : suffix == "fkey" ? _foreignKeys.Count
            : _keys.Count;
        string name;
        do
        {
            name = string.Create(
                CultureInfo.InvariantCulture,
                $"{_name}_{suffix}{(number == 0 ? string.Empty : number + 1)}");
            number++;
        }
        while (names.Contains(name, StringComparer.OrdinalIgnoreCase));
        return name;
    }

    private TableSchema Finish(SourcePosition position)
    {
        foreach (int ordinal in _asynchronous)
        {
            AddNote(ordinal, position);
        }

        KeySchema? primary = _keys.Find(key => key.IsPrimary);
        bool hasIdentity = primary is { Ordinals: [int only] } && _columns[only].Type.IsInteger
            && _columns[only].DefaultSql is null && _columns[only].GeneratedSql is null;
        var schema = new TableSchema
        {
            Name = _name,
            Columns = _columns,
            Keys = [.. _keys.OrderByDescending(key => key.IsPrimary)],
            Checks = _checks,
            ForeignKeys = _foreignKeys,
            IdentityOrdinal = _serialOrdinal >= 0 ? _serialOrdinal
                : hasIdentity ? primary!.Ordinals[0]
                : -1,
        };
        foreach (ForeignKeySchema key in _foreignKeys)
        {
            CheckParent(key, schema, position);
        }

        foreach (ColumnSchema column in _columns)
        {
            RequireOwnRow(InsertBinder.BindDefault(column, _binder), position);
        }

        return schema;
    }
}
