namespace NeuroDb.Query;

/// <summary>unnest: the elements of arrays as rows; NULL where a shorter array has ended.</summary>
internal static class ArrayTableFunctions
{
    /// <summary>The function for the types of the arguments.</summary>
    public static (TableFunction Function, IReadOnlyList<Expression> Arguments) BindUnnest(
        FunctionCall call)
    {
        if (call.Count == 0)
        {
            throw TableFunctionRegistry.WrongCount(call, "1 or more");
        }

        var columns = new (string, DataType)[call.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = call.TypeOf(i).Kind == TypeKind.Array
                ? ("unnest", call.TypeOf(i).Typed.ElementType)
                : throw call.Mismatch(i, "an array");
        }

        return (new TableFunction(call.Name, columns, Run), call.Arguments);
    }

    private static IEnumerable<Value[]> Run(Value[] arrays)
    {
        List<Value>[] items = [.. arrays.Select(array =>
            array.IsNull ? [] : ArrayCodec.Decode(array.AsBlob()))];
        int count = items.Max(item => item.Count);
        for (int row = 0; row < count; row++)
        {
            yield return [.. items.Select(item => row < item.Count ? item[row] : Value.Null)];
        }
    }

    /// <summary>generate_subscripts (array, n [, reverse]): the places in the n-th level.</summary>
    public static (TableFunction Function, IReadOnlyList<Expression> Arguments) BindSubscripts(
        FunctionCall call)
    {
        if (call.Count is < 2 or > 3)
        {
            throw TableFunctionRegistry.WrongCount(call, "2 or 3");
        }

        Expression array = call.TypeOf(0).Kind == TypeKind.Array
            ? call.Arguments[0]
            : throw call.Mismatch(0, "an array");
        Expression[] arguments = call.Count == 3
            ? [array, call.Whole(1), call.As(2, DataType.Boolean)]
            : [array, call.Whole(1)];
        return (
            new TableFunction(call.Name, [(call.Name, DataType.BigInt)], Subscripts), arguments);
    }

    private static IEnumerable<Value[]> Subscripts(Value[] values)
    {
        if (values[0].IsNull || values[1].IsNull
            || NestedArrays.CountOf(values[0].AsBlob(), values[1].AsInt64()) is not { } count)
        {
            return [];
        }

        bool isReverse = values.Length > 2 && !values[2].IsNull && values[2].AsBoolean();
        IEnumerable<int> places = Enumerable.Range(1, (int)count);
        return (isReverse ? places.Reverse() : places)
            .Select(static place => new[] { Value.Of((long)place) });
    }
}
