namespace NeuroDb.Query;

/// <summary>STRUCTs: made of braces, rows and struct_pack, and taken apart.</summary>
internal static class StructFunctions
{
    private const string PackName = "struct_pack";

    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("struct_extract", 2, 2, static call => Extract(
            call.Arguments[0], call.Arguments[1], call.Position)),
        new(PackName, 1, 1000, static call => throw call.Mismatch(0, "a name before the field")),
        new("struct_insert", 2, 1000, static call =>
            throw call.Mismatch(1, "a name before the field")),
        new("struct_keys", 1, 1, static call => ArrayFunctions.Each(
            call,
            DataType.ArrayOf(DataType.Text),
            [AStruct(call)],
            static row => ArrayCodec.ToValue(
                TypeKind.Text,
                StructCodec.Decode(row[0].AsBlob())
                    .Select(static field => Value.Of(field.Key))))),
    ];

    /// <summary>Whether a call is struct_pack(a := 1) or struct_insert(s, a := 1).</summary>
    public static bool IsPack(FunctionCallSyntax call) =>
        call is { Over: null, Name.Parts: [{ Name: var name }] }
        && (name.Equals(PackName, StringComparison.OrdinalIgnoreCase) || IsInsert(name));

    /// <summary>struct_pack(a := 1), and struct_insert(s, a := 1), which adds fields.</summary>
    public static Expression BindPack(
        FunctionCallSyntax call, Func<ExpressionSyntax, Expression> bind)
    {
        var fields = new List<KeyValuePair<string, Expression>>();
        foreach (FunctionArgumentSyntax argument in call.Arguments)
        {
            Expression value = bind(argument.Value);
            if (argument.Name is { } name)
            {
                fields.Add(new(name.Name, value));
            }
            else if (fields.Count == 0 && IsInsert(call.Name.Last)
                && value.Type.Kind == TypeKind.Struct)
            {
                fields.AddRange(Fields(value, call.Position).Select((field, i) =>
                    new KeyValuePair<string, Expression>(value.Type.Fields[i].Key, field)));
            }
            else
            {
                throw new NeuroStoreException(
                    ErrorCode.TypeMismatch,
                    $"{call.Name.Text} takes fields with names, as in struct_pack(a := 1).",
                    argument.Position);
            }
        }

        return Named(fields, call.Position);
    }

    /// <summary>{'a': 1} and MAP {'a': 1}.</summary>
    public static Expression Bind(
        StructExpressionSyntax syntax, Func<ExpressionSyntax, Expression> bind)
    {
        if (syntax.IsMap)
        {
            return MapFunctions.Make(
                [.. syntax.Items.Select(item => bind(item.Key))],
                [.. syntax.Items.Select(item => bind(item.Value))],
                syntax.Position);
        }

        return Named(
            [.. syntax.Items.Select(item => new KeyValuePair<string, Expression>(
                item.Key switch
                {
                    LiteralExpressionSyntax { Kind: LiteralKind.Text, Text: var text } => text,
                    ColumnReferenceSyntax { Name.Parts: [var name] } => name.Name,
                    _ => throw new NeuroStoreException(
                        ErrorCode.TypeMismatch,
                        "The fields of a STRUCT have names, as in {'a': 1}; keys of other types "
                        + "are those of MAP {1: 'a'}.",
                        item.Key.Position),
                },
                bind(item.Value)))],
            syntax.Position);
    }

    /// <summary>(a, b) and ROW(a, b): a STRUCT whose fields have no names.</summary>
    public static Expression Row(IReadOnlyList<Expression> values, SourcePosition position) =>
        Make(
            "row",
            [.. values.Select(static value => new KeyValuePair<string, Expression>("", value))],
            position);

    /// <summary>A STRUCT of fields with names.</summary>
    public static Expression Named(
        IReadOnlyList<KeyValuePair<string, Expression>> fields, SourcePosition position) =>
        Make(PackName, fields, position);

    /// <summary>A field by its name.</summary>
    public static Expression Field(Expression operand, string name, SourcePosition position)
    {
        RequireStruct(operand, position);
        int place = StructFields.PlaceOf(operand.Type, name);
        return place >= 0
            ? FieldAt(operand, place, position)
            : throw StructFields.Unknown(operand.Type, name, position);
    }

    /// <summary>All fields in their order.</summary>
    public static Expression[] Fields(Expression operand, SourcePosition position) =>
        [.. operand.Type.Fields.Select((_, place) => FieldAt(operand, place, position))];

    /// <summary>s['a'], s[1] and struct_extract(s, 'a').</summary>
    public static Expression Extract(
        Expression operand, Expression field, SourcePosition position)
    {
        RequireStruct(operand, position);
        Value name = ConstantFolder.Fold(field) is ConstantExpression constant
            ? constant.Value
            : Value.Null;
        if (name.Kind == TypeKind.Text)
        {
            return Field(operand, name.AsText(), position);
        }

        int count = operand.Type.Fields.Count;
        return name.Kind is TypeKind.Integer or TypeKind.BigInt
            && name.AsInt64() >= 1 && name.AsInt64() <= count
            ? FieldAt(operand, (int)name.AsInt64() - 1, position)
            : throw new NeuroStoreException(
                ErrorCode.UnknownColumn,
                $"A field is taken by its name or by a place from 1 to {count}, as constants.",
                position);
    }

    private static Expression FieldAt(Expression operand, int place, SourcePosition position) =>
        ArrayFunctions.Each(
            new FunctionCall("struct_extract", [operand], position),
            operand.Type.Fields[place].Value,
            [operand],
            row => StructCodec.FieldAt(row[0].AsBlob(), place));

    private static Expression Make(
        string function,
        IReadOnlyList<KeyValuePair<string, Expression>> fields,
        SourcePosition position)
    {
        if (fields.Count == 0)
        {
            throw new NeuroStoreException(
                ErrorCode.TypeMismatch, "A STRUCT has at least one field.", position);
        }

        DataType type = DataType.StructOf(
            null,
            [.. fields.Select(static field => new KeyValuePair<string, DataType>(
                field.Key, MapFunctions.StoredType(field.Value.Type)))]);
        StructFields.Check(type.Fields, position);
        Expression[] values = [.. fields.Select((field, i) =>
            Coercion.To(field.Value, type.Fields[i].Value, position))];
        return ArrayFunctions.Each(
            new FunctionCall(function, values, position),
            type,
            values,
            row => StructCodec.ToValue(type, row),
            takesNull: true);
    }

    private static bool IsInsert(string name) =>
        name.Equals("struct_insert", StringComparison.OrdinalIgnoreCase);

    private static Expression AStruct(FunctionCall call)
    {
        RequireStruct(call.Arguments[0], call.Position);
        return call.Arguments[0];
    }

    private static void RequireStruct(Expression operand, SourcePosition position)
    {
        if (operand.Type.Kind != TypeKind.Struct)
        {
            throw new NeuroStoreException(
                ErrorCode.TypeMismatch,
                $"Fields are of a STRUCT; {operand} is {operand.Type}.",
                position);
        }
    }
}
