using System.Reflection;
using System.Reflection.Emit;
using MaeLab.Engine.Training;
using TorchSharp;

namespace MaeLab.Engine.Tests.Native;

/// <summary>
/// Some of TorchSharp's methods make a <see cref="Scalar"/> that nothing holds while native code reads it, so that a garbage collection
/// frees it underneath: a crash once in many thousand steps. This follows the calls in the engine's compiled code into
/// TorchSharp's and names every one that can end in such a method.
/// </summary>
public sealed class ScalarLifetimeTests
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
    private static readonly Assembly s_torchSharp = typeof(Scalar).Assembly;

    private static readonly Dictionary<short, OpCode> s_opCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    [Fact]
    public void Engine_leaves_no_scalar_to_the_garbage_collector() => Assert.Empty(
        from type in typeof(Trainer).Assembly.GetTypes()
        from method in type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All))
        from called in Calls(method)
        where called.Module.Assembly == s_torchSharp && !IsMaker(called) && LosesScalar(called, [])
        select $"{type.Name}.{method.Name} calls {called.DeclaringType}.{called}");

    [Fact]
    public void Engine_makes_scalars_only_where_it_holds_them() => Assert.DoesNotContain(
        from type in typeof(Trainer).Assembly.GetTypes()
        from method in type.GetMethods(All)
        from called in Calls(method)
        select called, called => called.DeclaringType == typeof(Scalar) && called.Name == "op_Implicit");

    /// <summary>That the search finds what it looks for.</summary>
    [Theory]
    [InlineData("square", true)]
    [InlineData("op_Addition", true)]
    [InlineData("matmul", false)]
    [InlineData("sqrt", false)]
    public void Search_tells_methods_that_lose_a_scalar(string method, bool loses) => Assert.Equal(
        loses, typeof(torch.Tensor).GetMethods(All).Where(candidate => candidate.Name == method).Any(candidate => LosesScalar(candidate, [])));

    private static bool LosesScalar(MethodBase method, HashSet<MethodBase> seen)
    {
        if (method.Module.Assembly != s_torchSharp || IsMaker(method) || !seen.Add(method))
        {
            return false;
        }

        var calls = Calls(method).ToList();
        return calls.Any(IsMaker) || calls.Any(called => LosesScalar(called, seen));
    }

    private static bool IsMaker(MethodBase method) =>
        (method.DeclaringType == typeof(Scalar) && method.Name == "op_Implicit")
        || (method.DeclaringType == typeof(ScalarExtensionMethods) && method.Name == nameof(ScalarExtensionMethods.ToScalar));

    private static IEnumerable<MethodBase> Calls(MethodBase method)
    {
        var il = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var at = 0; at < il.Length;)
        {
            // Two-byte codes begin with FE.
            var code = s_opCodes[il[at] == 0xFE ? (short)((il[at++] << 8) | il[at++]) : il[at++]];
            if (code.OperandType == OperandType.InlineMethod)
            {
                yield return method.Module.ResolveMethod(BitConverter.ToInt32(il, at),
                    method.DeclaringType?.GetGenericArguments(), method.IsGenericMethod ? method.GetGenericArguments() : null)!;
            }

            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
                _ => 4,
            };
        }
    }
}
