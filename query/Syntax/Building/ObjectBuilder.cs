using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Builds the statements of views, triggers and sequences, and ALTER TABLE.</summary>
internal sealed class ObjectBuilder(
    BuilderScope scope, ExpressionBuilder expressions, DefinitionBuilder definitions)
{
    public CreateViewStatementSyntax BuildCreateView(NeuroSql.CreateViewContext context) => new(
        BuilderScope.Name(context.qualifiedName()),
        context.ifNotExists() is not null,
        BuilderScope.Names(context.nameList()),
        expressions.Queries.Build(context.query()));

    public CreateTriggerStatementSyntax BuildCreateTrigger(NeuroSql.CreateTriggerContext context)
    {
        SqlToken body = BuilderScope.TokenOf(context.TRIGGER_BODY());
        return new CreateTriggerStatementSyntax(
            BuilderScope.Name(context.qualifiedName(0)),
            context.ifNotExists() is not null,
            context.INSTEAD() is not null ? TriggerTiming.InsteadOf
                : context.AFTER() is not null ? TriggerTiming.After
                : TriggerTiming.Before,
            context.INSERT() is not null ? TriggerEvent.Insert
                : context.DELETE() is not null ? TriggerEvent.Delete
                : TriggerEvent.Update,
            BuilderScope.Names(context.name()),
            BuilderScope.Name(context.qualifiedName(1)),
            context.expression() is { } when ? scope.TextOf(when) : null,
            body.Text);
    }

    public static SchemaStatementSyntax BuildCreateSchema(
        NeuroSql.CreateSchemaContext context) => new(
        [new NameSyntax([BuilderScope.Identifier(context.name())])
        {
            Position = BuilderScope.PositionOf(context.name()),
        }],
        IsDrop: false,
        context.ifNotExists() is not null,
        IsCascade: false);

    public static CreateSequenceStatementSyntax BuildCreateSequence(
        NeuroSql.CreateSequenceContext context) => new(
        BuilderScope.Name(context.qualifiedName()),
        context.ifNotExists() is not null,
        SequenceBuilder.Build(context.sequenceWord()));

    public CreateTypeStatementSyntax BuildCreateType(NeuroSql.CreateTypeContext context)
    {
        NameSyntax name = BuilderScope.Name(context.qualifiedName());
        bool ifNotExists = context.ifNotExists() is not null;
        if (context.columnType() is { } columnType
            && columnType.typeArguments()?.plainQuery() is { } query)
        {
            var word = (SqlToken)columnType.Start;
            return word.Text.Equals("ENUM", StringComparison.OrdinalIgnoreCase)
                ? new CreateTypeStatementSyntax(
                    name, ifNotExists, new TypeSyntax("ENUM", []), false, [])
                {
                    LabelQuery = expressions.Queries.Build(query),
                }
                : throw SyntaxErrors.Expected(word, "ENUM before the query");
        }

        TypeSyntax type = context.columnType() is { } plain
            ? ExpressionBuilder.BuildType(plain)
            : ExpressionBuilder.BuildRow(context.typeArguments());
        return new CreateTypeStatementSyntax(name, ifNotExists, type, false, []);
    }

    public CreateTypeStatementSyntax BuildCreateDomain(NeuroSql.CreateDomainContext context) =>
        new(
            BuilderScope.Name(context.qualifiedName()),
            context.ifNotExists() is not null,
            ExpressionBuilder.BuildType(context.columnType()),
            true,
            definitions.BuildConstraints(context.columnConstraint()));

    private static AlterTypeStatementSyntax BuildAlterType(NeuroSql.AlterObjectContext context)
    {
        var syntax = new AlterTypeStatementSyntax(
            BuilderScope.Name(context.qualifiedName()), context.IF() is not null
                && context.EXISTS() is not null);
        if (context.IDENTIFIER() is not { } word)
        {
            return syntax with { NewName = BuilderScope.Identifier(context.name()) };
        }

        if (!BuilderScope.TokenOf(word).Span.Equals("VALUE", StringComparison.OrdinalIgnoreCase))
        {
            throw SyntaxErrors.Expected(BuilderScope.TokenOf(word), "VALUE");
        }

        string[] labels = [.. context.TEXT_STRING()
            .Select(static label => BuilderScope.TokenOf(label).StringText())];
        return context.RENAME() is not null
            ? syntax with { OldLabel = labels[0], Label = labels[1] }
            : syntax with
            {
                Label = labels[0],
                IfNotExists = context.ifNotExists() is not null,
                Neighbour = labels.ElementAtOrDefault(1),
                IsBefore = context.BEFORE() is not null,
            };
    }

    public static StatementSyntax BuildAlterObject(NeuroSql.AlterObjectContext context)
    {
        if (context.TYPE() is not null)
        {
            return BuildAlterType(context);
        }

        return new AlterObjectStatementSyntax(
            context.VIEW() is not null ? CatalogObjectKind.View : CatalogObjectKind.Sequence,
            BuilderScope.Name(context.qualifiedName()),
            context.EXISTS() is not null,
            BuilderScope.OptionalIdentifier(context.name()),
            context.name() is null ? SequenceBuilder.Build(context.sequenceWord()) : null);
    }

    /// <summary>What DROP names, but for models.</summary>
    public static CommentStatementSyntax BuildComment(NeuroSql.CommentContext context)
    {
        SqlToken kind = BuilderScope.TokenOf(context.GetChild(2));
        if (context.TRIGGER() is null && context.ON().Length > 1)
        {
            throw SyntaxErrors.Expected(BuilderScope.TokenOf(context.ON(1)), "IS");
        }

        return new CommentStatementSyntax(
            kind.Text,
            BuilderScope.Name(context.qualifiedName(0)),
            context.TEXT_STRING() is { } text ? BuilderScope.TokenOf(text).StringText() : null);
    }

    public static StatementSyntax BuildDrop(NeuroSql.DropContext context)
    {
        List<NameSyntax> names = [];
        foreach (NeuroSql.QualifiedNameContext name in context.qualifiedName())
        {
            names.Add(BuilderScope.Name(name));
        }

        bool isTrigger = context.TRIGGER() is not null;
        if (context.ON() is { } on)
        {
            if (!isTrigger)
            {
                throw SyntaxErrors.Expected(BuilderScope.TokenOf(on), "end of statement");
            }

            // The table of a trigger is told by PostgreSQL's form; names are unique without it.
            names.RemoveAt(names.Count - 1);
        }

        bool ifExists = context.EXISTS() is not null;
        bool isCascade = context.dropBehaviour()?.CASCADE() is not null;
        if (context.TABLE() is not null && context.FUNCTION() is null && context.MACRO() is null)
        {
            return new DropTableStatementSyntax(names, ifExists, isCascade)
            {
                IsRestrict = context.dropBehaviour()?.RESTRICT() is not null,
            };
        }

        bool isFunction = context.FUNCTION() is not null || context.MACRO() is not null;
        if (context.LEFT_PARENTHESIS() is { } types && !isFunction)
        {
            throw SyntaxErrors.Expected(BuilderScope.TokenOf(types), "end of statement");
        }

        if (context.SCHEMA() is not null)
        {
            return new SchemaStatementSyntax(names, IsDrop: true, ifExists, isCascade);
        }

        return context.INDEX() is not null
            ? new DropIndexStatementSyntax(names, ifExists)
            : new DropObjectStatementSyntax(
                isTrigger ? CatalogObjectKind.Trigger
                    : isFunction ? CatalogObjectKind.Function
                    : context.VIEW() is not null ? CatalogObjectKind.View
                    : context.SEQUENCE() is null ? CatalogObjectKind.Type
                    : CatalogObjectKind.Sequence,
                names,
                ifExists,
                isCascade)
            {
                IsRestrict = context.dropBehaviour()?.RESTRICT() is not null,
            };
    }

    public AlterTableStatementSyntax BuildAlterTable(NeuroSql.AlterTableContext context)
    {
        List<TableChangeSyntax> changes = [];
        foreach (NeuroSql.TableChangeContext change in context.tableChange())
        {
            changes.Add(BuildChange(change) with { Position = BuilderScope.PositionOf(change) });
        }

        return new AlterTableStatementSyntax(
            BuilderScope.Name(context.qualifiedName()), context.EXISTS() is not null, changes);
    }

    private TableChangeSyntax BuildChange(NeuroSql.TableChangeContext context)
    {
        bool isCascade = context.dropBehaviour()?.CASCADE() is not null;
        NeuroSql.NameContext[] names = context.name();
        switch (context.Start.Type)
        {
            case NeuroSql.ADD when context.tableConstraint() is { } constraint:
                return new TableChangeSyntax(TableChangeKind.AddConstraint)
                {
                    Constraint = definitions.BuildConstraint(constraint),
                };
            case NeuroSql.ADD:
                return new TableChangeSyntax(TableChangeKind.AddColumn)
                {
                    Column = definitions.BuildColumn(context.columnDefinition()),
                    IsConditional = context.ifNotExists() is not null,
                };
            case NeuroSql.DROP:
                return new TableChangeSyntax(
                    context.CONSTRAINT() is null
                        ? TableChangeKind.DropColumn
                        : TableChangeKind.DropConstraint)
                {
                    Name = BuilderScope.Identifier(names[0]),
                    IsConditional = context.EXISTS() is not null,
                    IsCascade = isCascade,
                };
            case NeuroSql.RENAME when names.Length == 1:
                return new TableChangeSyntax(TableChangeKind.RenameTable)
                {
                    Name = BuilderScope.Identifier(names[0]),
                };
            case NeuroSql.RENAME:
                return new TableChangeSyntax(
                    context.CONSTRAINT() is null
                        ? TableChangeKind.RenameColumn
                        : TableChangeKind.RenameConstraint)
                {
                    Name = BuilderScope.Identifier(names[0]),
                    NewName = BuilderScope.Identifier(names[1]),
                };
            default:
                return BuildColumnChange(context.columnChange()) with
                {
                    Name = BuilderScope.Identifier(names[0]),
                };
        }
    }

    private TableChangeSyntax BuildColumnChange(NeuroSql.ColumnChangeContext context)
    {
        if (context.newType() is { } type)
        {
            return new TableChangeSyntax(TableChangeKind.SetType)
            {
                Type = ExpressionBuilder.BuildType(type.columnType()),
                Collation = BuilderScope.OptionalIdentifier(type.name()),
                Value = expressions.BuildOptional(type.expression()),
                ValueText = type.expression() is { } value ? scope.TextOf(value) : null,
            };
        }

        if (context.modelName() is { } model)
        {
            return BuildModelChange(model, context.bareName());
        }

        bool isSet = context.SET() is not null;
        if (context.NULL() is not null)
        {
            return new TableChangeSyntax(
                isSet ? TableChangeKind.SetNotNull : TableChangeKind.DropNotNull);
        }

        if (context.name() is { } word)
        {
            return word.Start.Text.ToUpperInvariant() switch
            {
                "EXPRESSION" => new TableChangeSyntax(TableChangeKind.DropExpression),
                "IDENTITY" => new TableChangeSyntax(TableChangeKind.DropIdentity),
                _ => throw SyntaxErrors.Expected(
                    (SqlToken)word.Start, "DEFAULT, NOT NULL, IDENTITY or EXPRESSION"),
            };
        }

        return isSet
            ? new TableChangeSyntax(TableChangeKind.SetDefault)
            {
                Value = expressions.Build(context.expression()),
                ValueText = scope.TextOf(context.expression()),
            }
            : new TableChangeSyntax(TableChangeKind.DropDefault);
    }

    private static TableChangeSyntax BuildModelChange(
        NeuroSql.ModelNameContext model, NeuroSql.BareNameContext[] words)
    {
        bool isNow = words.Length > 0 && BuilderScope.IsWord(words[1], "NOW");
        if (words.Length > 0
            && (!BuilderScope.IsWord(words[0], "REFRESH")
                || (!isNow && !BuilderScope.IsWord(words[1], "BACKGROUND"))))
        {
            throw SyntaxErrors.Expected(
                (SqlToken)words[0].Start, "REFRESH BACKGROUND or REFRESH NOW");
        }

        return new TableChangeSyntax(TableChangeKind.SetModel)
        {
            Model = ModelBuilder.BuildName(model),
            IsImmediate = isNow,
        };
    }
}
