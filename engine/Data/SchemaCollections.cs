using System.Data;
using System.Data.Common;
using System.Globalization;
using NeuroDb.Query;

namespace NeuroDb.Data;

/// <summary>The tables that DbConnection.GetSchema and DbDataReader.GetSchemaTable give.</summary>
internal static class SchemaCollections
{
    /// <summary>A schema collection; without a name, the list of them.</summary>
    public static DataTable Get(
        Session session, string? collectionName, IReadOnlyList<string?> restrictions)
    {
        string name = collectionName ?? DbMetaDataCollectionNames.MetaDataCollections;
        return name.ToUpperInvariant() switch
        {
            "METADATACOLLECTIONS" => ListCollections(),
            "TABLES" => ListTables(session, At(restrictions, 0)),
            "COLUMNS" => ListColumns(session, At(restrictions, 0), At(restrictions, 1)),
            "DATATYPES" => ListDataTypes(),
            "RESERVEDWORDS" => Table("ReservedWords", ("ReservedWord", typeof(string))),
            _ => throw new ArgumentException(
                $"There is no schema collection {name}; MetaDataCollections lists them.",
                nameof(collectionName)),
        };
    }

    /// <summary>The schema table of a result, with the standard's column names.</summary>
    public static DataTable DescribeColumns(IReadOnlyList<DbColumn> columns)
    {
        DataTable table = Table(
            "SchemaTable",
            (SchemaTableColumn.ColumnName, typeof(string)),
            (SchemaTableColumn.ColumnOrdinal, typeof(int)),
            (SchemaTableColumn.ColumnSize, typeof(int)),
            (SchemaTableColumn.NumericPrecision, typeof(short)),
            (SchemaTableColumn.NumericScale, typeof(short)),
            (SchemaTableColumn.DataType, typeof(Type)),
            ("DataTypeName", typeof(string)),
            (SchemaTableColumn.AllowDBNull, typeof(bool)),
            (SchemaTableColumn.BaseTableName, typeof(string)),
            (SchemaTableColumn.BaseColumnName, typeof(string)),
            (SchemaTableColumn.IsExpression, typeof(bool)),
            (SchemaTableColumn.IsLong, typeof(bool)),
            (SchemaTableOptionalColumn.IsReadOnly, typeof(bool)));
        foreach (DbColumn column in columns)
        {
            table.Rows.Add(
                column.ColumnName,
                column.ColumnOrdinal,
                -1,
                (object?)column.NumericPrecision ?? DBNull.Value,
                (object?)column.NumericScale ?? DBNull.Value,
                column.DataType,
                column.DataTypeName,
                column.AllowDBNull,
                (object?)column.BaseTableName ?? DBNull.Value,
                (object?)column.BaseColumnName ?? DBNull.Value,
                column.IsExpression,
                column.IsLong,
                column.IsReadOnly);
        }

        return table;
    }

    private static string? At(IReadOnlyList<string?> restrictions, int ordinal) =>
        ordinal < restrictions.Count ? restrictions[ordinal] : null;

    private static DataTable ListCollections()
    {
        DataTable table = Table(
            DbMetaDataCollectionNames.MetaDataCollections,
            ("CollectionName", typeof(string)),
            ("NumberOfRestrictions", typeof(int)),
            ("NumberOfIdentifierParts", typeof(int)));
        table.Rows.Add("MetaDataCollections", 0, 0);
        table.Rows.Add("DataTypes", 0, 0);
        table.Rows.Add("ReservedWords", 0, 0);
        table.Rows.Add("Tables", 1, 1);
        table.Rows.Add("Columns", 2, 2);
        return table;
    }

    private static DataTable ListTables(Session session, string? only)
    {
        DataTable table = Table(
            "Tables", ("TABLE_NAME", typeof(string)), ("TABLE_TYPE", typeof(string)));
        foreach (TableSchema schema in session.Tables())
        {
            if (Matches(only, schema.Name))
            {
                table.Rows.Add(schema.Name, "BASE TABLE");
            }
        }

        return table;
    }

    private static DataTable ListColumns(Session session, string? onlyTable, string? onlyColumn)
    {
        DataTable table = Table(
            "Columns",
            ("TABLE_NAME", typeof(string)),
            ("COLUMN_NAME", typeof(string)),
            ("ORDINAL_POSITION", typeof(int)),
            ("DATA_TYPE", typeof(string)),
            ("IS_NULLABLE", typeof(bool)));
        foreach (TableSchema schema in session.Tables())
        {
            IReadOnlyList<int> shown = ShownColumns.Of(schema);
            for (int i = 0; i < shown.Count && Matches(onlyTable, schema.Name); i++)
            {
                ColumnSchema column = schema.Columns[shown[i]];
                if (Matches(onlyColumn, column.Name))
                {
                    table.Rows.Add(
                        schema.Name, column.Name, i + 1, column.Type.ToString(), column.IsNullable);
                }
            }
        }

        return table;
    }

    private static DataTable ListDataTypes()
    {
        DataTable table = Table(
            "DataTypes", ("TypeName", typeof(string)), ("DataType", typeof(string)));
        foreach (TypeKind kind in Enum.GetValues<TypeKind>())
        {
            if (kind is not (TypeKind.Null or TypeKind.Score or TypeKind.Distance))
            {
                table.Rows.Add(
                    DataType.FromParts(kind, 0, 0).ToString(), SqlTypes.ClrType(kind).FullName);
            }
        }

        return table;
    }

    private static bool Matches(string? wanted, string name) =>
        wanted is null || string.Equals(wanted, name, StringComparison.OrdinalIgnoreCase);

    private static DataTable Table(
        string name, params ReadOnlySpan<(string Name, Type Type)> columns)
    {
        var table = new DataTable(name) { Locale = CultureInfo.InvariantCulture };
        foreach ((string column, Type type) in columns)
        {
            table.Columns.Add(column, type);
        }

        return table;
    }
}
