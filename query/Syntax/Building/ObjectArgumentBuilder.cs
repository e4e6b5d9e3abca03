using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Builds the arguments that name objects: MODEL m@2, TABLE t, INDEX i.</summary>
internal sealed class ObjectArgumentBuilder(ExpressionBuilder expressions)
{
    /// <summary>The argument; its kind is the word before the name.</summary>
    public ObjectArgumentSyntax Build(
        NeuroSql.ArgumentContext context, NeuroSql.ObjectNameContext named)
    {
        ObjectArgumentKind kind = context.TABLE() is not null
            ? ObjectArgumentKind.Table
            : KindOf(context.expression(0), named);
        var first = (SqlToken)named.bareName().Start;
        NameSyntax name = new(
            [BuilderScope.Identifier(first), .. BuilderScope.Names(named.name())])
        {
            Position = BuilderScope.PositionOf(named),
        };
        SqlToken? version = named.MODEL_VERSION() is { } token ? BuilderScope.TokenOf(token) : null;
        if (version is not null && kind != ObjectArgumentKind.Model)
        {
            throw SyntaxErrors.At(version.Position, "only a model has versions");
        }

        return new ObjectArgumentSyntax(
            kind,
            name,
            version is null ? ModelVersionChoice.Live : ModelBuilder.VersionOf(version))
        {
            Position = BuilderScope.PositionOf(context),
        };
    }

    private ObjectArgumentKind KindOf(
        NeuroSql.ExpressionContext word, NeuroSql.ObjectNameContext named)
    {
        if (expressions.Build(word) is ColumnReferenceSyntax
            {
                Name.Parts: [{ IsQuoted: false, Name: var kind }],
            })
        {
            if (string.Equals(kind, "MODEL", StringComparison.OrdinalIgnoreCase))
            {
                return ObjectArgumentKind.Model;
            }

            if (string.Equals(kind, "INDEX", StringComparison.OrdinalIgnoreCase))
            {
                return ObjectArgumentKind.Index;
            }
        }

        throw SyntaxErrors.Expected(
            (SqlToken)named.Start, "',' or ')'; a name follows MODEL, TABLE or INDEX only");
    }
}
