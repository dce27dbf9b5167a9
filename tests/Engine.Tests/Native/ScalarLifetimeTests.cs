using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Tests.Native;

/// <summary>
/// TorchSharp makes scalars of numbers that the garbage collector may free while native code reads them. The engine therefore
/// uses none of the members that do so; this reads its compiled code for references to them.
/// </summary>
public sealed class ScalarLifetimeTests
{
    private static readonly HashSet<string> s_arithmetic = ["op_Addition", "op_Subtraction", "op_Multiply", "op_Division", "op_Modulus"];

    [Fact]
    public void Engine_leaves_no_scalar_to_the_garbage_collector()
    {
        using var file = new PEReader(File.OpenRead(typeof(Trainer).Assembly.Location));
        var metadata = file.GetMetadataReader();
        var members = metadata.MemberReferences.Select(metadata.GetMemberReference).Where(member => member.Parent.Kind == HandleKind.TypeReference)
            .Select(member => (
                Type: metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name),
                Name: metadata.GetString(member.Name),
                // Calling convention, count, result, then the parameters; a class is written as 0x12 and a token.
                Signature: metadata.GetBlobBytes(member.Signature)))
            .ToList();

        Assert.Contains(members, member => member.Type == "Tensor" && member.Name == "op_Multiply");
        Assert.DoesNotContain(members, member => member.Type == "Scalar" && member.Name == "op_Implicit");
        Assert.DoesNotContain(members, member => member.Type == "Tensor" && (member.Name is "square" or "square_"
            || (s_arithmetic.Contains(member.Name) && member.Signature.Count(part => part == 0x12) < 3)));
    }
}
