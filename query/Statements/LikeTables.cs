namespace NeuroDb.Query;

/// <summary>
/// LIKE t in CREATE TABLE: the columns of another table stand in its place, with their names,
/// types and NOT NULL; what else is copied, INCLUDING says.
/// </summary>
internal static class LikeTables
{
    /// <summary>The statement with the columns of other tables written out.</summary>
    public static CreateTableStatementSyntax Resolve(
        CreateTableStatementSyntax syntax, Binder binder)
    {
        if (syntax.Likes.Count == 0)
        {
            return syntax;
        }

        List<ColumnDefinitionSyntax> columns = [.. syntax.Columns];
        List<ConstraintSyntax> constraints = [.. syntax.Constraints];
        foreach (LikeTableSyntax like in syntax.Likes.Reverse())
        {
            TableSchema schema = binder.BindTable(like.Table).Schema;
            columns.InsertRange(like.Place, schema.Columns
                .Where(static column => !column.IsHidden && !column.IsUnseen)
                .Select(column => Copy(column, like)));
            if (like.Includes("CONSTRAINTS"))
            {
                constraints.AddRange(schema.Checks.Select(static check => Check(check)));
            }

            if (like.Includes("INDEXES"))
            {
                constraints.AddRange(schema.Keys.Select(key => Key(key, schema)));
            }
        }

        return syntax with { Columns = columns, Constraints = constraints };
    }

    private static ColumnDefinitionSyntax Copy(ColumnSchema column, LikeTableSyntax like)
    {
        List<ConstraintSyntax> constraints = [];
        if (!column.IsNullable)
        {
            constraints.Add(new NullConstraintSyntax(false));
        }

        if (column.DefaultSql is { } value && like.Includes("DEFAULTS"))
        {
            constraints.Add(
                new DefaultConstraintSyntax(SqlParser.ParseExpression(value), value));
        }

        if (column.GeneratedSql is { } generated && like.Includes("GENERATED"))
        {
            constraints.Add(new GeneratedConstraintSyntax(
                SqlParser.ParseExpression(generated), generated, column.IsVirtual));
        }

        if (column.Collation is { } collation)
        {
            constraints.Add(
                new CollateConstraintSyntax(new IdentifierSyntax(collation, IsQuoted: false)));
        }

        return new ColumnDefinitionSyntax(
            new IdentifierSyntax(column.Name, IsQuoted: true),
            GeneratedTypes.Written(column.Type.WithoutCollation, like.Position),
            constraints)
        {
            Position = like.Position,
        };
    }

    private static CheckConstraintSyntax Check(CheckSchema check) =>
        new(SqlParser.ParseExpression(check.Sql), check.Sql);

    private static KeyConstraintSyntax Key(KeySchema key, TableSchema schema) =>
        new(
            key.IsPrimary,
            [.. key.Ordinals.Select(ordinal =>
                new IdentifierSyntax(schema.Columns[ordinal].Name, IsQuoted: true))],
            false);
}
