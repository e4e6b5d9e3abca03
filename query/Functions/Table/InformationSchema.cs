using System.Globalization;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>The views of INFORMATION_SCHEMA (ISO 9075-11) that have a meaning here.</summary>
internal static class InformationSchema
{
    private const string Catalog = "main";

    /// <summary>The relations.</summary>
    public static readonly TableFunction[] Relations =
    [
        SystemRelations.Relation(
            "information_schema.schemata",
            Texts("catalog_name", "schema_name"),
            static context => SystemRelations.ObjectsOf(CatalogObjectKind.Schema, context)
                .Select(static schema => schema.Name)
                .Prepend("main")
                .Select(static name => (Value[])[Value.Of(Catalog), Value.Of(name)])),
        SystemRelations.Relation(
            "information_schema.tables",
            Texts("table_catalog", "table_schema", "table_name", "table_type",
                "is_insertable_into"),
            Tables),
        SystemRelations.Relation(
            "information_schema.columns",
            [
                .. Texts("table_catalog", "table_schema", "table_name", "column_name"),
                ("ordinal_position", DataType.Integer),
                .. Texts("column_default", "is_nullable", "data_type"),
                ("character_maximum_length", DataType.Integer),
                ("numeric_precision", DataType.Integer),
                ("numeric_scale", DataType.Integer),
                .. Texts("collation_name", "is_identity", "identity_generation", "is_generated",
                    "generation_expression", "domain_name"),
            ],
            Columns),
        SystemRelations.Relation(
            "information_schema.views",
            Texts("table_catalog", "table_schema", "table_name", "view_definition",
                "check_option", "is_updatable"),
            Views),
        SystemRelations.Relation(
            "information_schema.table_constraints",
            Texts("constraint_catalog", "constraint_schema", "constraint_name", "table_catalog",
                "table_schema", "table_name", "constraint_type", "is_deferrable",
                "initially_deferred"),
            Constraints),
        SystemRelations.Relation(
            "information_schema.key_column_usage",
            [
                .. Texts("constraint_catalog", "constraint_schema", "constraint_name",
                    "table_catalog", "table_schema", "table_name", "column_name"),
                ("ordinal_position", DataType.Integer),
                ("position_in_unique_constraint", DataType.Integer),
            ],
            KeyColumns),
        SystemRelations.Relation(
            "information_schema.referential_constraints",
            Texts("constraint_catalog", "constraint_schema", "constraint_name",
                "unique_constraint_name", "match_option", "update_rule", "delete_rule"),
            References),
        SystemRelations.Relation(
            "information_schema.check_constraints",
            Texts("constraint_catalog", "constraint_schema", "constraint_name", "check_clause"),
            Checks),
        SystemRelations.Relation(
            "information_schema.sequences",
            [
                .. Texts("sequence_catalog", "sequence_schema", "sequence_name", "data_type"),
                ("start_value", DataType.BigInt), ("minimum_value", DataType.BigInt),
                ("maximum_value", DataType.BigInt), ("increment", DataType.BigInt),
                ("cycle_option", DataType.Text),
            ],
            Sequences),
        SystemRelations.Relation(
            "information_schema.triggers",
            Texts("trigger_catalog", "trigger_schema", "trigger_name", "event_manipulation",
                "event_object_table", "action_statement", "action_timing"),
            Triggers),
        SystemRelations.Relation(
            "information_schema.routines",
            Texts("routine_catalog", "routine_schema", "routine_name", "routine_type",
                "data_type"),
            static context => SystemRelations.ObjectsOf(CatalogObjectKind.Function, context)
                .Select(static function => Row(
                    function.Name,
                    "FUNCTION",
                    FunctionCallBinder.Of(function).Type?.Name))),
        SystemRelations.Relation(
            "information_schema.domains",
            Texts("domain_catalog", "domain_schema", "domain_name", "data_type",
                "domain_default"),
            static context => TypesOf(context, areDomains: true).Select(type => Row(
                type.Name.Last,
                TypeDefinition.TypeOf(type, context.Transaction.Catalog).ToString(),
                type.Constraints.OfType<DefaultConstraintSyntax>().LastOrDefault()?.ValueText))),
        SystemRelations.Relation(
            "information_schema.user_defined_types",
            Texts("user_defined_type_catalog", "user_defined_type_schema",
                "user_defined_type_name", "user_defined_type_category"),
            static context => TypesOf(context, areDomains: false).Select(type => Row(
                type.Name.Last,
                TypeDefinition.TypeOf(type, context.Transaction.Catalog).Kind switch
                {
                    TypeKind.Enum => "ENUM",
                    TypeKind.Struct => "STRUCTURED",
                    _ => "DISTINCT",
                }))),
    ];

    private static IEnumerable<CreateTypeStatementSyntax> TypesOf(
        ExecutionContext context, bool areDomains) =>
        SystemRelations.ObjectsOf(CatalogObjectKind.Type, context)
            .Select(TypeDefinition.Of)
            .Where(type => type.IsDomain == areDomains);

    private static (string Name, DataType Type)[] Texts(params string[] names) =>
        [.. names.Select(static name => (name, DataType.Text))];

    private static Value[] Row(params string?[] texts) =>
        [Value.Of(Catalog), Value.Of("main"), .. texts.Select(SystemRelations.Text)];

    private static Value YesNo(bool value) => Value.Of(value ? "YES" : "NO");

    private static IEnumerable<Value[]> Tables(ExecutionContext context) =>
        SystemRelations.TablesOf(context)
            .Select(table => Row(
                table.Schema.Name,
                context.Transaction.IsTemporary(table) ? "LOCAL TEMPORARY" : "BASE TABLE",
                "YES"))
            .Concat(SystemRelations.ObjectsOf(CatalogObjectKind.View, context)
                .Select(static view => Row(view.Name, "VIEW", "NO")));

    private static IEnumerable<Value[]> Columns(ExecutionContext context)
    {
        foreach (TableEntry table in SystemRelations.TablesOf(context))
        {
            int position = 0;
            foreach (int ordinal in ShownColumns.Of(table.Schema))
            {
                yield return ColumnRow(
                    table.Schema.Name, table.Schema.Columns[ordinal], ++position,
                    TypeDependencies.DomainOf(table.Schema.Columns[ordinal], table.Schema));
            }
        }

        foreach (CatalogObject view in
            SystemRelations.ObjectsOf(CatalogObjectKind.View, context))
        {
            int position = 0;
            foreach (OutputColumn column in SystemRelations.ColumnsOf(view, context))
            {
                yield return ColumnRow(
                    view.Name, new ColumnSchema(column.Name, column.Type), ++position);
            }
        }
    }

    private static Value[] ColumnRow(
        string table, ColumnSchema column, int position, string? domain = null)
    {
        DataType type = column.Type;
        (int? precision, int? scale) = type.Kind switch
        {
            TypeKind.Integer or TypeKind.BigInt => (type.IntegerBits, 0),
            TypeKind.Real => (24, null),
            TypeKind.Double => (53, null),
            TypeKind.Decimal => (type.Length, type.Scale),
            _ => ((int?)null, (int?)null),
        };
        return
        [
            .. Row(table, column.Name),
            Value.Of(position),
            SystemRelations.Text(column.DefaultSql),
            YesNo(column.IsNullable),
            Value.Of(type.ToString()),
            Value.Null,
            precision is int digits ? Value.Of(digits) : Value.Null,
            scale is int places ? Value.Of(places) : Value.Null,
            SystemRelations.Text(column.Collation),
            YesNo(column.Identity != ColumnIdentity.None),
            column.Identity switch
            {
                ColumnIdentity.Always => Value.Of("ALWAYS"),
                ColumnIdentity.ByDefault => Value.Of("BY DEFAULT"),
                _ => Value.Null,
            },
            Value.Of(column.GeneratedSql is null ? "NEVER" : "ALWAYS"),
            SystemRelations.Text(column.GeneratedSql),
            SystemRelations.Text(domain),
        ];
    }

    private static IEnumerable<Value[]> Views(ExecutionContext context) =>
        SystemRelations.ObjectsOf(CatalogObjectKind.View, context)
            .Select(static view => Row(view.Name, view.Sql, "NONE", "NO"));

    private static IEnumerable<Value[]> Constraints(ExecutionContext context)
    {
        foreach (TableSchema schema in
            SystemRelations.TablesOf(context).Select(static table => table.Schema))
        {
            foreach (KeySchema key in schema.Keys)
            {
                yield return ConstraintRow(
                    schema, key.Name, key.IsPrimary ? "PRIMARY KEY" : "UNIQUE", false);
            }

            foreach (ForeignKeySchema key in schema.ForeignKeys)
            {
                yield return ConstraintRow(schema, key.Name, "FOREIGN KEY", key.IsDeferred);
            }

            foreach (CheckSchema check in schema.Checks)
            {
                yield return ConstraintRow(schema, check.Name, "CHECK", false);
            }
        }
    }

    private static Value[] ConstraintRow(
        TableSchema schema, string name, string type, bool isDeferred) =>
    [
        .. Row(name), .. Row(schema.Name, type), YesNo(isDeferred), YesNo(isDeferred),
    ];

    private static IEnumerable<Value[]> KeyColumns(ExecutionContext context)
    {
        foreach (TableSchema schema in
            SystemRelations.TablesOf(context).Select(static table => table.Schema))
        {
            IEnumerable<(string Name, int[] Ordinals, bool IsForeign)> keys = schema.Keys
                .Select(static key => (key.Name, key.Ordinals, false))
                .Concat(schema.ForeignKeys.Select(
                    static key => (key.Name, key.Ordinals, true)));
            foreach ((string name, int[] ordinals, bool isForeign) in keys)
            {
                for (int i = 0; i < ordinals.Length; i++)
                {
                    yield return
                    [
                        .. Row(name),
                        .. Row(schema.Name, schema.Columns[ordinals[i]].Name),
                        Value.Of(i + 1),
                        isForeign ? Value.Of(i + 1) : Value.Null,
                    ];
                }
            }
        }
    }

    private static IEnumerable<Value[]> References(ExecutionContext context)
    {
        CatalogView catalog = context.Transaction.Catalog;
        foreach (TableEntry table in SystemRelations.TablesOf(context))
        {
            foreach (ForeignKeySchema key in table.Schema.ForeignKeys)
            {
                string? unique = catalog.TryGetTable(key.Table, out TableEntry parent)
                    ? parent.Schema.Keys.FirstOrDefault(one => key.Columns.Count == 0
                        ? one.IsPrimary
                        : one.Ordinals.Select(i => parent.Schema.Columns[i].Name)
                            .SequenceEqual(key.Columns, StringComparer.OrdinalIgnoreCase))?.Name
                    : null;
                yield return Row(
                    key.Name, unique, "NONE", RuleOf(key.OnUpdate), RuleOf(key.OnDelete));
            }
        }
    }

    /// <summary>An action as SQL writes it.</summary>
    public static string RuleOf(ForeignKeyAction action) => action switch
    {
        ForeignKeyAction.Restrict => "RESTRICT",
        ForeignKeyAction.Cascade => "CASCADE",
        ForeignKeyAction.SetNull => "SET NULL",
        ForeignKeyAction.SetDefault => "SET DEFAULT",
        _ => "NO ACTION",
    };

    private static IEnumerable<Value[]> Checks(ExecutionContext context) =>
        SystemRelations.TablesOf(context)
            .SelectMany(static table => table.Schema.Checks)
            .Select(static check => Row(check.Name, check.Sql));

    private static IEnumerable<Value[]> Sequences(ExecutionContext context)
    {
        foreach (CatalogObject sequence in
            SystemRelations.ObjectsOf(CatalogObjectKind.Sequence, context))
        {
            SequenceOptions options = SequenceDefinition.Of(sequence);
            yield return
            [
                .. Row(sequence.Name, "BIGINT"), Value.Of(options.First),
                Value.Of(options.Least), Value.Of(options.Most), Value.Of(options.Step),
                YesNo(options.IsCycle),
            ];
        }
    }

    private static IEnumerable<Value[]> Triggers(ExecutionContext context)
    {
        foreach (CatalogObject trigger in
            SystemRelations.ObjectsOf(CatalogObjectKind.Trigger, context))
        {
            CreateTriggerStatementSyntax definition = TriggerDefinition.Of(trigger);
            string timing = definition.Timing == TriggerTiming.InsteadOf
                ? "INSTEAD OF"
                : definition.Timing.ToString().ToUpperInvariant();
            yield return Row(
                trigger.Name,
                definition.Event.ToString().ToUpper(CultureInfo.InvariantCulture),
                definition.Table.Key,
                definition.Body.Trim(),
                timing);
        }
    }
}
