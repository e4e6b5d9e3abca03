using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>sqlite_schema and the PRAGMAs that tell of tables, as SQLite has them.</summary>
internal static class SqliteSchema
{
    private static readonly (string Name, DataType Type)[] MasterColumns =
    [
        ("type", DataType.Text), ("name", DataType.Text), ("tbl_name", DataType.Text),
        ("rootpage", DataType.BigInt), ("sql", DataType.Text),
    ];

    /// <summary>The relations.</summary>
    public static readonly TableFunction[] Relations =
    [
        SystemRelations.Relation("sqlite_master", MasterColumns, static c => Master(c, false)),
        SystemRelations.Relation("sqlite_schema", MasterColumns, static c => Master(c, false)),
        SystemRelations.Relation("sqlite_temp_master", MasterColumns, static c => Master(c, true)),
        SystemRelations.Relation("sqlite_temp_schema", MasterColumns, static c => Master(c, true)),
    ];

    /// <summary>The PRAGMAs that give rows.</summary>
    public static readonly TableFunction[] Pragmas =
    [
        Pragma(
            "pragma_table_info",
            [
                ("cid", DataType.Integer), ("name", DataType.Text), ("type", DataType.Text),
                ("notnull", DataType.Integer), ("dflt_value", DataType.Text),
                ("pk", DataType.Integer),
            ],
            static (name, context) => TableInfo(name, context).Select(static row => row[..6])),
        Pragma(
            "pragma_table_xinfo",
            [
                ("cid", DataType.Integer), ("name", DataType.Text), ("type", DataType.Text),
                ("notnull", DataType.Integer), ("dflt_value", DataType.Text),
                ("pk", DataType.Integer), ("hidden", DataType.Integer),
            ],
            TableInfo),
        Pragma(
            "pragma_table_list",
            [
                ("schema", DataType.Text), ("name", DataType.Text), ("type", DataType.Text),
                ("ncol", DataType.Integer), ("wr", DataType.Integer),
                ("strict", DataType.Integer),
            ],
            TableList),
        Pragma(
            "pragma_index_list",
            [
                ("seq", DataType.Integer), ("name", DataType.Text), ("unique", DataType.Integer),
                ("origin", DataType.Text), ("partial", DataType.Integer),
            ],
            IndexList),
        Pragma(
            "pragma_index_info",
            [("seqno", DataType.Integer), ("cid", DataType.Integer), ("name", DataType.Text)],
            IndexInfo),
        Pragma(
            "pragma_foreign_key_list",
            [
                ("id", DataType.Integer), ("seq", DataType.Integer), ("table", DataType.Text),
                ("from", DataType.Text), ("to", DataType.Text), ("on_update", DataType.Text),
                ("on_delete", DataType.Text), ("match", DataType.Text),
            ],
            ForeignKeyList),
        Pragma(
            "pragma_describe",
            [
                ("column_name", DataType.Text), ("column_type", DataType.Text),
                ("null", DataType.Text), ("key", DataType.Text), ("default", DataType.Text),
                ("extra", DataType.Text),
            ],
            Describe),
    ];

    private static TableFunction Pragma(
        string name,
        (string Name, DataType Type)[] columns,
        Func<string, ExecutionContext, IEnumerable<Value[]>> read) =>
        new(name, columns, static _ => [])
        {
            RunIn = (values, context) => read(
                values.Length == 0 || values[0].IsNull ? string.Empty : values[0].AsText(),
                context),
        };

    private static IEnumerable<Value[]> Master(ExecutionContext context, bool isTemporary)
    {
        foreach (CatalogObject type in isTemporary
            ? [] : SystemRelations.ObjectsOf(CatalogObjectKind.Type, context))
        {
            string kind = TypeDefinition.Of(type).IsDomain ? "domain" : "type";
            yield return Entry(kind, type.Name, type.Name, type.Sql);
        }

        foreach (TableEntry table in SystemRelations.TablesOf(context))
        {
            if (context.Transaction.IsTemporary(table) == isTemporary)
            {
                yield return Entry(
                    "table", table.Schema.Name, table.Schema.Name, SchemaText.Of(table.Schema));
                foreach (IndexEntry index in context.Transaction.Catalog.IndexesOf(table))
                {
                    yield return Entry(
                        "index",
                        index.Schema.Name,
                        table.Schema.Name,
                        SchemaText.Of(index.Schema, table.Schema));
                }
            }
        }

        CatalogView? own = context.Transaction.Temporary?.Catalog;
        foreach (CatalogObject value in context.Transaction.Catalog.Objects
            .OrderBy(static value => value.Name, StringComparer.OrdinalIgnoreCase))
        {
            if ((own?.Contains(value) ?? false) != isTemporary)
            {
                continue;
            }

            if (value.Kind == CatalogObjectKind.View)
            {
                yield return Entry("view", value.Name, value.Name, value.Sql);
            }
            else if (value.Kind == CatalogObjectKind.Trigger)
            {
                yield return Entry(
                    "trigger", value.Name, TriggerDefinition.Of(value).Table.Key, value.Sql);
            }
        }
    }

    private static Value[] Entry(string type, string name, string table, string sql) =>
        [Value.Of(type), Value.Of(name), Value.Of(table), Value.Of(0L), Value.Of(sql)];

    private static IEnumerable<Value[]> TableInfo(string name, ExecutionContext context)
    {
        CatalogView catalog = context.Transaction.Catalog;
        int number = 0;
        if (catalog.TryGetObject(CatalogObjectKind.View, name, out CatalogObject view))
        {
            foreach (OutputColumn column in SystemRelations.ColumnsOf(view, context))
            {
                yield return Info(number++, new ColumnSchema(column.Name, column.Type), 0);
            }
        }

        if (!catalog.TryGetTable(name, out TableEntry table))
        {
            yield break;
        }

        int[] key = table.Schema.Keys.FirstOrDefault(static one => one.IsPrimary)?.Ordinals ?? [];
        foreach (int i in ShownColumns.Of(table.Schema))
        {
            yield return Info(number++, table.Schema.Columns[i], Array.IndexOf(key, i) + 1);
        }
    }

    private static Value[] Info(int number, ColumnSchema column, int key) =>
    [
        Value.Of(number), Value.Of(column.Name), Value.Of(column.Type.ToString()),
        Value.Of(column.IsNullable ? 0 : 1), SystemRelations.Text(column.DefaultSql),
        Value.Of(key), Value.Of(column.GeneratedSql is null ? 0 : column.IsVirtual ? 2 : 3),
    ];

    private static IEnumerable<Value[]> TableList(string name, ExecutionContext context)
    {
        foreach (TableEntry table in SystemRelations.TablesOf(context))
        {
            if (name.Length == 0 || Dependencies.IsNamed(name, table.Schema.Name))
            {
                yield return
                [
                    Value.Of(context.Transaction.IsTemporary(table) ? "temp" : "main"),
                    Value.Of(table.Schema.Name), Value.Of("table"),
                    Value.Of(table.Schema.Columns.Count(static column => !column.IsUnseen)),
                    Value.Of(0), Value.Of(1),
                ];
            }
        }

        foreach (CatalogObject view in
            SystemRelations.ObjectsOf(CatalogObjectKind.View, context))
        {
            if (name.Length == 0 || Dependencies.IsNamed(name, view.Name))
            {
                yield return
                [
                    Value.Of("main"), Value.Of(view.Name), Value.Of("view"),
                    Value.Of(SystemRelations.ColumnsOf(view, context).Count), Value.Of(0),
                    Value.Of(0),
                ];
            }
        }
    }

    private static IEnumerable<Value[]> IndexList(string name, ExecutionContext context)
    {
        if (!context.Transaction.Catalog.TryGetTable(name, out TableEntry table))
        {
            yield break;
        }

        int number = 0;
        foreach (IndexEntry index in context.Transaction.Catalog.IndexesOf(table))
        {
            yield return
            [
                Value.Of(number++), Value.Of(index.Schema.Name),
                Value.Of(index.Schema.IsUnique ? 1 : 0), Value.Of("c"), Value.Of(0),
            ];
        }

        foreach (KeySchema key in table.Schema.Keys)
        {
            yield return
            [
                Value.Of(number++), Value.Of(key.Name), Value.Of(1),
                Value.Of(key.IsPrimary ? "pk" : "u"), Value.Of(0),
            ];
        }
    }

    // As in SQLite, which has no column to name either.
    private const int ExpressionPlace = -2;

    private static IEnumerable<Value[]> IndexInfo(string name, ExecutionContext context)
    {
        CatalogView catalog = context.Transaction.Catalog;
        int[] ordinals = [];
        TableSchema? schema = null;
        if (catalog.TryGetIndex(name, out IndexEntry index))
        {
            schema = catalog.Tables.First(table => table.Id == index.Schema.TableId).Schema;
            ordinals = index.Schema.Ordinals;
        }

        foreach (TableEntry table in catalog.Tables)
        {
            KeySchema? key = table.Schema.Keys
                .FirstOrDefault(one => Dependencies.IsNamed(one.Name, name));
            if (schema is null && key is not null)
            {
                schema = table.Schema;
                ordinals = key.Ordinals;
            }
        }

        return ordinals.Select((ordinal, i) => new[]
        {
            Value.Of(i),
            Value.Of(IndexKeyColumns.IsOne(schema!.Columns[ordinal]) ? ExpressionPlace : ordinal),
            IndexKeyColumns.IsOne(schema.Columns[ordinal])
                ? Value.Null
                : Value.Of(schema.Columns[ordinal].Name),
        });
    }

    private static IEnumerable<Value[]> ForeignKeyList(string name, ExecutionContext context)
    {
        if (!context.Transaction.Catalog.TryGetTable(name, out TableEntry table))
        {
            yield break;
        }

        for (int i = 0; i < table.Schema.ForeignKeys.Count; i++)
        {
            ForeignKeySchema key = table.Schema.ForeignKeys[i];
            for (int j = 0; j < key.Ordinals.Length; j++)
            {
                yield return
                [
                    Value.Of(i), Value.Of(j), Value.Of(key.Table),
                    Value.Of(table.Schema.Columns[key.Ordinals[j]].Name),
                    j < key.Columns.Count ? Value.Of(key.Columns[j]) : Value.Null,
                    Value.Of(InformationSchema.RuleOf(key.OnUpdate)),
                    Value.Of(InformationSchema.RuleOf(key.OnDelete)), Value.Of("NONE"),
                ];
            }
        }
    }

    private static IEnumerable<Value[]> Describe(string name, ExecutionContext context)
    {
        CatalogView catalog = context.Transaction.Catalog;
        if (!catalog.TryGetTable(name, out TableEntry table))
        {
            var syntax = new NameSyntax([new IdentifierSyntax(name, true)]);
            CatalogObject view = ObjectLookup.Find(CatalogObjectKind.View, syntax, catalog);
            return SystemRelations.ColumnsOf(view, context).Select(static column =>
                Described(new ColumnSchema(column.Name, column.Type), null));
        }

        TableSchema schema = table.Schema;
        return ShownColumns.Of(schema)
            .Select(i => Described(
                schema.Columns[i],
                schema.Keys.FirstOrDefault(key => key.Ordinals.Contains(i)) is { } key
                    ? key.IsPrimary ? "PRI" : "UNI"
                    : null));
    }

    private static Value[] Described(ColumnSchema column, string? key) =>
    [
        Value.Of(column.Name), Value.Of(column.Type.ToString()),
        Value.Of(column.IsNullable ? "YES" : "NO"), SystemRelations.Text(key),
        SystemRelations.Text(column.DefaultSql ?? column.GeneratedSql),
        column.GeneratedSql is not null ? Value.Of(column.IsVirtual ? "VIRTUAL" : "STORED")
            : column.Identity != ColumnIdentity.None ? Value.Of("IDENTITY")
            : Value.Null,
    ];
}
