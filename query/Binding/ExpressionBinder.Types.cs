namespace NeuroDb.Query;

/// <summary>Casts, and the fields of STRUCTs and rows.</summary>
internal sealed partial class ExpressionBinder
{
    private Expression BindCast(CastExpressionSyntax cast)
    {
        if (cast.Operand is ArrayExpressionSyntax { Elements.Count: 0 })
        {
            return ArrayBinder.Empty(TypeOf(cast.Type), cast.Position);
        }

        if (cast.IsTry)
        {
            return new TryCastExpression(
                Bind(cast.Operand), PlainTypeOf(cast.Type), cast.Position);
        }

        Expression operand = Bind(cast.Operand);
        return TypeDefinition.FindDomain(cast.Type, binder.Catalog) is { } domain
            ? DomainRules.Cast(operand, domain, binder, cast.Position)
            : ExpressionFactory.Cast(operand, TypeOf(cast.Type), cast.Position);
    }

    // As in PostgreSQL: all values are NULL, or none is.
    private Expression BindRowTest(RowExpressionSyntax row, IsExpressionSyntax test) =>
        ExpressionFactory.And(
            [.. row.Items.Select(item => ExpressionFactory.IsNull(Bind(item), test.IsNegated))],
            test.Position);

    private DataType TypeOf(TypeSyntax syntax) => TypeNames.Resolve(syntax, binder.Catalog);

    private DataType PlainTypeOf(TypeSyntax syntax)
    {
        NestedTypeNames.RequireNoDomain(syntax, binder.Catalog);
        return TypeOf(syntax);
    }

    // s.a and t.s.a: the first names are a column, the others fields in it.
    private Expression? BindField(NameSyntax name)
    {
        for (int count = Math.Min(2, name.Parts.Count - 1); count > 0; count--)
        {
            var column = new NameSyntax([.. name.Parts.Take(count)]) { Position = name.Position };
            if (Scope.TryResolve(column) is { Type.Kind: TypeKind.Struct } value)
            {
                return name.Parts.Skip(count).Aggregate(value, (from, field) =>
                    StructFunctions.Field(from, field.Name, name.Position));
            }
        }

        // The name of a table stands for its row.
        return name.Parts.Count == 1 && Scope.HasTable(name.Last)
            ? StructFunctions.Named(
                [.. Scope.Star(name.Last).Select(static column =>
                    new KeyValuePair<string, Expression>(
                        column.Column.Name, column.Expression))],
                name.Position)
            : null;
    }
}
