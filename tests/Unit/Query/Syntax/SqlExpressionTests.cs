using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

/// <summary>Expressions: what binds how, and what each form becomes.</summary>
public sealed class SqlExpressionTests
{
    [Theory]
    [InlineData(
        "SELECT 1 + 2 * 3 - 4 / 5 % 6",
        "(Select Items[(Subtract (Add 1 (Multiply 2 3)) (Modulo (Divide 4 5) 6))])")]
    [InlineData(
        "SELECT a OR b AND c OR NOT d AND e",
        "(Select Items[(Or a (And b c) (And (Not d) e))])")]
    [InlineData(
        "SELECT NOT a = b",
        "(Select Items[(Not (Equal a b))])")]
    [InlineData(
        "SELECT NOT NOT a IS NULL",
        "(Select Items[(Not (Not (Is Operand=a Null)))])")]
    [InlineData(
        "SELECT a = b IS NULL",
        "(Select Items[(Is Operand=(Equal a b) Null)])")]
    [InlineData(
        "SELECT a IS NOT NULL = 1",
        "(Select Items[(Equal (Is Operand=a Null IsNegated) 1)])")]
    [InlineData(
        "SELECT a < b = c > d",
        "(Select Items[(Equal (Less a b) (Greater c d))])")]
    [InlineData(
        "SELECT a BETWEEN 1 AND 2 AND b NOT BETWEEN c + 1 AND d || 'x' OR e",
        "(Select Items[(Or (And (Between Operand=a 1 2) (Between Operand=b (Add c 1) "
        + "(Concatenate d 'x') IsNegated)) e)])")]
    [InlineData(
        "SELECT - 1 + ~ 2 * - - a::int4 % +b",
        "(Select Items[(Add (Negate 1) (Modulo (Multiply (BitwiseNot 2) (Negate (Negate (Cast "
        + "Operand=a INT4)))) (Plus b)))])")]
    [InlineData(
        "SELECT a || b + c || d",
        "(Select Items[(Concatenate (Concatenate a (Add b c)) d)])")]
    [InlineData(
        "SELECT v <-> '[1,2]' < 0.5 + 1, v <=> $1, v <#> @q, v <+> :q, v <-> ?",
        "(Select Items[(Less (L2Distance v '[1,2]') (Add 0.5 1)) (CosineDistance v ?1) "
        + "(NegativeInnerProduct v ?2q) (L1Distance v ?2q) (L2Distance v ?3)])")]
    [InlineData(
        "SELECT a<-1, a<=-1, a- -1",
        "(Select Items[(Less a (Negate 1)) (LessOrEqual a (Negate 1)) (Subtract a (Negate 1))])")]
    [InlineData(
        "SELECT a IS b, a IS NOT b, a IS DISTINCT FROM b, a IS NOT DISTINCT FROM b, a ISNULL, "
        + "a NOTNULL, a NOT NULL, a IS UNKNOWN, a IS NOT TRUE",
        "(Select Items[(IsNotDistinctFrom a b) (IsDistinctFrom a b) (IsDistinctFrom a b) "
        + "(IsNotDistinctFrom a b) (Is Operand=a Null) (Is Operand=a Null IsNegated) (Is "
        + "Operand=a Null IsNegated) (Is Operand=a Unknown) (Is Operand=a True IsNegated)])")]
    [InlineData(
        "SELECT a LIKE 'x%' ESCAPE '!' AND b NOT ILIKE 'y' OR c GLOB '*' || d",
        "(Select Items[(Or (And (Like Like Operand=a 'x%' Escape='!') (Like ILike Operand=b "
        + "'y' IsNegated)) (Like Glob Operand=c (Concatenate '*' d)))])")]
    [InlineData(
        "SELECT a IN (), b IN (1), c NOT IN (1, 2) , d IN (SELECT 1), e IN ((SELECT 1)), f IN "
        + "t, g IN ((SELECT 1) UNION SELECT 2)",
        "(Select Items[(InList Operand=a) (InList Operand=b Items[1]) (InList Operand=c "
        + "Items[1 2] IsNegated) (InQuery Operand=d Query=(Select Items[1])) (InQuery Operand=e "
        + "Query=(Select Items[1])) (InQuery Operand=f Query=(Select Items[*] From[t])) (InQuery "
        + "Operand=g Query=(SetOperation Union (NestedQuery Query=(Select Items[1])) (Select "
        + "Items[2])))])")]
    [InlineData(
        "SELECT CASE WHEN a THEN 1 END, CASE a WHEN 1 THEN 2 WHEN 3 THEN 4 ELSE 5 END",
        "(Select Items[(Case Whens[(WhenClause a 1)]) (Case Operand=a Whens[(WhenClause 1 2) "
        + "(WhenClause 3 4)] Else=5)])")]
    [InlineData(
        "SELECT CAST(a AS DOUBLE PRECISION), CAST(b AS decimal(10, 2)), c::VARCHAR(5)::text x, "
        + "DATE '2024-01-31', vector '[1]'",
        "(Select Items[(Cast Operand=a DOUBLE_PRECISION) (Cast Operand=b DECIMAL(10,2)) (Cast "
        + "Operand=(Cast Operand=c VARCHAR(5)) TEXT):x (Cast Operand='2024-01-31' DATE) (Cast "
        + "Operand='[1]' VECTOR)])")]
    [InlineData(
        "SELECT predict(m USING *), predict(m@2 USING s.*, lower(name) AS name), "
        + "predict_proba(a.m@latest, 'x' USING age), f(model m@live, INDEX i, table s.t, k => 1)",
        "(Select Items[(FunctionCall predict Arguments[m] Inputs[*]) (FunctionCall predict "
        + "Arguments[(ObjectArgument Model m @2)] Inputs[s.* (FunctionCall lower "
        + "Arguments[name]):name]) (FunctionCall predict_proba Arguments[(ObjectArgument Model "
        + "a.m @latest) 'x'] Inputs[age]) (FunctionCall f Arguments[(ObjectArgument Model m) "
        + "(ObjectArgument Index i) (ObjectArgument Table s.t) k=>1])])")]
    [InlineData(
        "SELECT model, index FROM predict JOIN model USING (a) WHERE model @> @m AND a=@p",
        "(Select Items[model index] From[(Join Inner predict model Using[a])] Where=(And "
        + "(Contains model ?1m) (Equal a ?2p)))")]
    [InlineData(
        "SELECT count(*), count(DISTINCT a), sum(a) FILTER (WHERE b > 1), f(), s.g(1, k => 2 + "
        + "3), left('abc', 1), current_date",
        "(Select Items[(FunctionCall count IsStar) (FunctionCall count Arguments[a] "
        + "IsDistinct) (FunctionCall sum Arguments[a] Filter=(Greater b 1)) (FunctionCall f) "
        + "(FunctionCall s.g Arguments[1 k=>(Add 2 3)]) (FunctionCall left Arguments['abc' 1]) "
        + "(FunctionCall current_date)])")]
    [InlineData(
        "SELECT EXISTS (SELECT 1), (SELECT 1), NOT EXISTS (VALUES (1)), ((SELECT 1))",
        "(Select Items[(Exists Query=(Select Items[1])) (Subquery Query=(Select Items[1])) "
        + "(Not (Exists Query=(Values Rows[[1]]))) (Subquery Query=(Select Items[1]))])")]
    [InlineData(
        "SELECT 0x1F, 0xFFFFFFFFFFFFFFFF, 1., .5, 1e3, 1.5E-3, X'0aFF', 'it''s', E'a\\n\\'b', "
        + "NULL, TRUE, false, -9223372036854775808",
        "(Select Items[31 -1 1. .5 1e3 1.5E-3 X'0aFF' 'it's' 'a\n'b' NULL true false "
        + "-9223372036854775808])")]
    [InlineData(
        "SELECT ?, ?5, ?, :a, @A, $2, :b",
        "(Select Items[?1 ?5 ?6 ?7a ?7A ?2 ?8b])")]
    [InlineData(
        "SELECT \"a b\".[c d].`e``f`, \"x\"\"y\", offset, key, \u8868, \u540d\u5b57 AS "
        + "\u522b\u540d FROM \u8868",
        "(Select Items[a b.c d.e`f x\"y offset key \u8868 \u540d\u5b57:\u522b\u540d] "
        + "From[\u8868])")]
    public void Expressions_take_their_shape_by_precedence(string sql, string expected)
    {
        StatementSyntax statement = Assert.Single(SqlParser.Parse(sql));

        Assert.Equal(expected, SyntaxText.Of(statement));
    }

    [Theory]
    [InlineData("a > 0", "(Greater a 0)")]
    [InlineData(" lower(a) ;", "(FunctionCall lower Arguments[a])")]
    public void A_stored_expression_is_read_alone(string sql, string expected) =>
        Assert.Equal(expected, SyntaxText.Of(SqlParser.ParseExpression(sql)));

    [Theory]
    [InlineData("")]
    [InlineData("1 2")]
    [InlineData("1; 2")]
    [InlineData("SELECT 1")]
    public void A_stored_expression_is_one_expression(string sql) =>
        Assert.Throws<SyntaxException>(() => SqlParser.ParseExpression(sql));

    [Fact]
    public void Positions_name_the_line_the_column_and_the_length()
    {
        StatementSyntax statement = Assert.Single(
            SqlParser.Parse("-- first\nSELECT a,\n  b + c * d FROM t"));
        QuerySyntax query = Assert.IsType<SelectStatementSyntax>(statement).Query;
        SelectSyntax select = Assert.IsType<SelectSyntax>(query.Body);

        ExpressionItemSyntax item = Assert.IsType<ExpressionItemSyntax>(select.Items[1]);

        Assert.Equal(new SourcePosition(3, 3, 9), item.Expression.Position);
        Assert.Equal("b + c * d", item.Text);
        BinaryExpressionSyntax sum = Assert.IsType<BinaryExpressionSyntax>(item.Expression);
        Assert.Equal(new SourcePosition(3, 7, 5), sum.Right.Position);
    }

    [Fact]
    public void A_chain_of_conditions_is_one_node_however_long()
    {
        string sql = string.Join(" OR ", Enumerable.Range(0, 20_000).Select(i => $"a = {i}"));

        ExpressionSyntax expression = SqlParser.ParseExpression(sql);

        LogicalExpressionSyntax chain = Assert.IsType<LogicalExpressionSyntax>(expression);
        Assert.Equal(20_000, chain.Operands.Count);
    }

    [Fact]
    public void A_long_vector_literal_is_one_constant()
    {
        string vector = "[" + string.Join(',', Enumerable.Repeat("0.123456", 65_536)) + "]";

        ExpressionSyntax expression = SqlParser.ParseExpression($"'{vector}'");

        Assert.Equal(vector, Assert.IsType<LiteralExpressionSyntax>(expression).Text);
    }
}
