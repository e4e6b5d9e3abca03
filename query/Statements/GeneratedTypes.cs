namespace NeuroDb.Query;

/// <summary>The types of generated columns that are written without one: those of their values.
/// </summary>
internal static class GeneratedTypes
{
    /// <summary>The columns, each generated one with a type.</summary>
    public static IReadOnlyList<ColumnDefinitionSyntax> Resolve(
        IReadOnlyList<ColumnDefinitionSyntax> columns, string table, Binder binder)
    {
        if (columns.All(static column => column.Type is not null || ValueOf(column) is null))
        {
            return columns;
        }

        ColumnDefinitionSyntax[] known = [.. columns];
        while (true)
        {
            NeuroStoreException? last = null;
            int found = 0;
            for (int i = 0; i < known.Length; i++)
            {
                if (known[i].Type is null && ValueOf(known[i]) is { } value)
                {
                    try
                    {
                        known[i] = known[i] with { Type = TypeOf(value, known, table, binder) };
                        found++;
                    }
                    catch (NeuroStoreException error) when (error.Code == ErrorCode.UnknownColumn)
                    {
                        last = error;
                    }
                }
            }

            if (last is null)
            {
                return known;
            }

            // What needs another generated column waits for the type of that one.
            if (found == 0)
            {
                throw last;
            }
        }
    }

    private static ExpressionSyntax? ValueOf(ColumnDefinitionSyntax column) =>
        column.Constraints.OfType<GeneratedConstraintSyntax>().FirstOrDefault()?.Value;

    private static TypeSyntax TypeOf(
        ExpressionSyntax value, ColumnDefinitionSyntax[] columns, string table, Binder binder)
    {
        Scope scope = binder.NewScope();
        foreach (ColumnDefinitionSyntax column in columns)
        {
            if (column.Type is { } known)
            {
                DataType type = TypeNames.TryResolveSerial(known, out DataType serial)
                    ? serial
                    : TypeNames.Resolve(known, binder.Catalog);
                scope.Add(ScopeColumn.Of(
                    table, binder.Identifiers.NewColumn(column.Name.Name, type)));
            }
            else if (ValueOf(column) is null)
            {
                scope.Add(new ScopeColumn(
                    table,
                    binder.Identifiers.NewColumn(column.Name.Name, DataType.Null),
                    OpenTypes.Null));
            }
        }

        return Written(binder.BindScalar(value, scope).Type, value.Position);
    }

    /// <summary>A type as a column is declared with it; scores are stored as numbers.</summary>
    public static TypeSyntax Written(DataType type, SourcePosition position)
    {
        DataType own = type.Typed;
        string name = own.Kind switch
        {
            TypeKind.Null => DataType.Text.ToString(),
            TypeKind.Score or TypeKind.Distance => DataType.Double.ToString(),
            _ => own.ToString(),
        };
        return ((CastExpressionSyntax)SqlParser.ParseExpression($"CAST(NULL AS {name})")).Type
            with { Position = position };
    }
}
