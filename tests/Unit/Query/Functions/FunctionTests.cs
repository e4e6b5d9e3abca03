using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

public sealed class FunctionTests
{
    public static TheoryData<string, string?, object?[]> Calls => new()
    {
        { "abs", "5", [-5] },
        { "abs", "2.5", [-2.5m] },
        { "sign", "-1", [-3] },
        { "round", "3.0", [2.5] },
        { "round", "2.68", [2.675, 2] },
        { "round", "1200", [1234, -2] },
        { "floor", "-2.0", [-1.5] },
        { "ceil", "-1", [-1.5m] },
        { "trunc", "-1", [-1.9m] },
        { "sqrt", "3.0", [9] },
        { "sqrt", null, [-1] },
        { "ln", null, [0] },
        { "log", "2.0", [100] },
        { "log", "3.0", [2, 8] },
        { "power", "1024.0", [2, 10] },
        { "mod", "-1", [-7, 3] },
        { "greatest", "3", [1, null, 3] },
        { "max", null, [1, null, 3] },
        { "min", "1", [1, 2] },
        { "coalesce", "2", [null, 2, 3] },
        { "ifnull", "x", [null, "x"] },
        { "nullif", null, [1, 1] },
        { "nullif", "1", [1, 2] },
        { "iif", "b", [false, "a", "b"] },
        { "length", "2", ["\U0001F600a"] },
        { "octet_length", "5", ["\U0001F600a"] },
        { "lower", "abc", ["ABC"] },
        { "upper", "ABC", ["abc"] },
        { "trim", "a", ["  a "] },
        { "ltrim", "a  ", ["  a  "] },
        { "rtrim", "xx", ["xxyy", "y"] },
        { "substr", "bc", ["abcd", 2, 2] },
        { "substr", "cd", ["abcd", -2] },
        { "substr", "", ["abcd", 9] },
        { "replace", "bbb", ["aba", "a", "b"] },
        { "instr", "3", ["abcd", "cd"] },
        { "instr", "0", ["abcd", "x"] },
        { "left", "ab", ["abcd", 2] },
        { "right", "d", ["abcd", -3] },
        { "lpad", "xxa", ["a", 3, "x"] },
        { "rpad", "ab", ["abc", 2] },
        { "repeat", "ababab", ["ab", 3] },
        { "reverse", "a\U0001F600", ["\U0001F600a"] },
        { "concat", "a1", ["a", null, 1] },
        { "concat_ws", "a-c", ["-", "a", null, "c"] },
        { "split_part", "b", ["a,b,c", ",", 2] },
        { "split_part", "c", ["a,b,c", ",", -1] },
        { "starts_with", "true", ["abc", "ab"] },
        { "ascii", "97", ["abc"] },
        { "chr", "a", [97] },
        { "hex", "6162", ["ab"] },
        { "typeof", "integer", [1] },
        { "typeof", "null", [null] },
        { "quote", "'it''s'", ["it's"] },
        { "date_trunc", "2026-11-01 00:00:00", ["month", "2026-11-20 10:00:00"] },
        { "date_part", "11.0", ["month", "2026-11-20"] },
        { "date", "2026-11-20", ["2026-11-20 10:00:00"] },
        { "current_date", "2026-11-20", [] },
        { "now", "2026-11-20 12:30:00+00", [] },
        { "json_valid", "false", ["{"] },
        { "json_extract", "y", ["{\"a\":[1,{\"b\":\"y\"}]}", "$.a[1].b"] },
        { "json_extract", null, ["{}", "$.a"] },
        { "vector_dims", "2", [new float[] { 1, 2 }] },
        { "norm", "5.0", [new float[] { 3, 4 }] },
        { "normalize", "[0.6,0.8]", [new float[] { 3, 4 }] },
        { "subvector", "[2,3]", [new float[] { 1, 2, 3 }, 2, 2] },
        { "similarity", "1.0", [new float[] { 1, 0 }, "[2,0]"] },
        { "similarity", "-5.0", [new float[] { 0, 0 }, "[3,4]", "l2"] },
        { "cosine_distance", null, [new float[] { 0, 0 }, "[3,4]"] },
        { "l2_distance", "5.0", [new float[] { 0, 0 }, "[3,4]"] },
        { "l1_distance", "7.0", [new float[] { 0, 0 }, "[3,4]"] },
        { "inner_product", "11.0", [new float[] { 1, 2 }, "[3,4]"] },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public void Functions_give_the_documented_values(
        string name, string? expected, object?[] arguments) =>
        Assert.Equal(expected, Evaluation.Call(name, arguments));

    [Theory]
    [InlineData("abs", 1)]
    [InlineData("sqrt", 1)]
    [InlineData("round", 2)]
    [InlineData("lower", 1)]
    [InlineData("substr", 3)]
    [InlineData("replace", 3)]
    [InlineData("length", 1)]
    [InlineData("date_trunc", 2)]
    [InlineData("json_extract", 2)]
    [InlineData("similarity", 2)]
    public void Functions_of_NULL_are_NULL(string name, int count) =>
        Assert.Null(Evaluation.Call(name, new object?[count]));

    [Fact]
    public void An_unknown_function_is_reported_with_near_names()
    {
        var error = Assert.Throws<NeuroStoreException>(() => Evaluation.Call("lenght", "a"));
        Assert.Equal(ErrorCode.UnknownFunction, error.Code);
        Assert.Contains("length", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_number_of_arguments_is_an_error() =>
        Assert.Equal(
            ErrorCode.WrongArgumentCount,
            Evaluation.Error(() => Evaluation.Call("sqrt", 1, 2)));

    [Fact]
    public void Different_known_dimensions_are_an_error_when_bound() =>
        Assert.Equal(
            ErrorCode.DimensionMismatch,
            Evaluation.Error(() => ExpressionFactory.Binary(
                BinaryOperator.L2Distance,
                new OrdinalExpression(0, "v", DataType.VectorOf(3)),
                Evaluation.Of(new float[] { 1, 2 }))));

    [Fact]
    public void A_text_parameter_becomes_a_vector_when_executed()
    {
        Expression distance = ExpressionFactory.Binary(
            BinaryOperator.L2Distance,
            Evaluation.Of(new float[] { 0, 0 }),
            new ParameterExpression(0, DataType.Text));
        Assert.Equal(DataType.Distance, distance.Type);
        Assert.Equal("5.0", Evaluation.Text(distance, Value.Of("[3, 4]")));
        Assert.Equal(
            ErrorCode.DimensionMismatch,
            Evaluation.Error(() => Evaluation.Text(distance, Value.Of("[3]"))));
    }

    [Fact]
    public void Vector_text_names_the_faulty_element()
    {
        var error = Assert.Throws<NeuroStoreException>(() => VectorText.Parse("[1, x]", 0));
        Assert.Equal(ErrorCode.InvalidText, error.Code);
        Assert.Contains("Element 2", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            ErrorCode.NonFiniteVector,
            Evaluation.Error(() => VectorText.Parse("[1, NaN]", 0)));
        Assert.Equal([1f, 2.5f, -30000f], VectorText.Parse(" [1, 2.5 ,-3e4] ", 3));
    }
}
